//! The serde side of a conversion: one [`Cell`] per value of the tree.

use serde::de::{
    self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::convert::Log;
use super::convert_error::ConvertError;
use super::suggest::did_you_mean;
use super::tree::{Body, Field, Node, Record, Value};

/// Outcome of a step.
type Outcome<T> = Result<T, ConvertError>;

/// A value that serde reads.
#[derive(Clone, Copy)]
pub(crate) struct Cell<'a> {
    /// The value.
    node: &'a Node,
    /// Where errors go.
    log: &'a Log<'a>,
}

impl<'a> Cell<'a> {
    /// A value of a document.
    pub(crate) fn new(node: &'a Node, log: &'a Log<'a>) -> Self {
        Self { node, log }
    }

    /// Reads with a function and settles its errors here.
    fn read<T>(self, read: impl FnOnce(Self) -> Outcome<T>) -> Outcome<T> {
        self.log.visit();
        let outcome = if self.log.is_refused(self.node) {
            Err(ConvertError::Hollow)
        } else {
            read(self)
        };
        self.log.settle(self.node, outcome)
    }

    /// The value as a record, if it is one.
    fn record(self) -> Option<&'a Record> {
        match &self.node.value {
            Value::Record(record) => Some(record),
            _ => None,
        }
    }

    /// Reads the keys of a structure or a variant. Keys that do not exist become findings; keys
    /// whose values failed before are passed over.
    fn read_fields<V: Visitor<'a>>(
        self,
        fields: &'a [Field],
        known: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        let mut kept = Vec::with_capacity(fields.len());
        let mut failed = Vec::new();
        for field in fields {
            if !known.contains(&&*field.key) {
                if self.log.is_full() {
                    continue;
                }
                let path = self.log.document.path_of(self.node);
                let inside = if path.is_empty() {
                    "at the top"
                } else {
                    &format!("in `{path}`")
                };
                let cause = format!("the key `{}` does not exist {inside}", field.key);
                let cure = did_you_mean(&field.key, known.iter().copied(), "keys");
                self.log
                    .add(self.log.document.error("S1051", field.place, cause, cure));
            } else if self.log.is_refused(&field.node) {
                failed.push(&*field.key);
            } else {
                kept.push(field);
            }
        }
        let access = FieldsAccess {
            fields: kept.into_iter(),
            next: None,
            log: self.log,
        };
        visitor.visit_map(access).map_err(|error| match error {
            ConvertError::Missing(key) if failed.contains(&key) => ConvertError::Hollow,
            other => other,
        })
    }

    /// Reads positions.
    fn read_elements<V: Visitor<'a>>(self, elements: &'a [Node], visitor: V) -> Outcome<V::Value> {
        visitor.visit_seq(ElementsAccess {
            elements: elements.iter(),
            log: self.log,
        })
    }

    /// A word without quotes that a setting gives: on a command line `infiltrate` is as good a text as
    /// `jam-and-go`. In a file texts have quotes.
    fn bare_word(&self) -> Option<&'a str> {
        let record = self.record().filter(|it| it.body == Body::Bare)?;
        record
            .name
            .as_deref()
            .filter(|_| self.node.place.source > 0)
    }

    /// Reads a tuple of a known length.
    fn read_tuple<V: Visitor<'a>>(self, length: usize, visitor: V) -> Outcome<V::Value> {
        let expected = format!("{length} values in parentheses");
        match self.record() {
            Some(Record {
                name: None,
                body: Body::Tuple(elements),
            }) if elements.len() == length => {
                // A failed element cannot be passed over: the others would move.
                if elements.iter().any(|element| self.log.is_refused(element)) {
                    return Err(ConvertError::Hollow);
                }
                self.read_elements(elements, visitor)
            }
            _ => Err(ConvertError::Type(expected)),
        }
    }

    /// Reads whatever is there; serde's own type errors follow from it.
    fn read_any<V: Visitor<'a>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.value {
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Unsigned(value) => visitor.visit_u64(*value),
            Value::Signed(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Char(value) => visitor.visit_char(*value),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(elements) => {
                let kept = elements.iter();
                visitor.visit_seq(ElementsAccess {
                    elements: kept,
                    log: self.log,
                })
            }
            Value::Map(_) => Err(de::Error::invalid_type(Unexpected::Map, &visitor)),
            Value::Record(_) => Err(de::Error::invalid_type(Unexpected::StructVariant, &visitor)),
            Value::Refused => Err(ConvertError::Hollow),
        }
    }
}

impl<'a> de::Deserializer<'a> for Cell<'a> {
    type Error = ConvertError;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Outcome<V::Value> {
        self.read(|cell| cell.read_any(visitor))
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Outcome<V::Value> {
        let is_none = self
            .record()
            .is_some_and(|it| it.name.as_deref() == Some("None") && it.body == Body::Bare);
        if is_none {
            return visitor.visit_none();
        }
        let inner = Self {
            node: self.node.unwrap_some(),
            ..self
        };
        self.read(|_| visitor.visit_some(inner))
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        self.read(|cell| match cell.record() {
            Some(record) if record.name.as_deref().is_none_or(|given| given == name) => {
                match &record.body {
                    Body::Fields(fields) => cell.read_fields(fields, known, visitor),
                    Body::Tuple(elements) if elements.is_empty() => {
                        cell.read_fields(&[], known, visitor)
                    }
                    _ => Err(de::Error::invalid_type(Unexpected::Seq, &visitor)),
                }
            }
            _ => Err(de::Error::invalid_type(Unexpected::Other(""), &visitor)),
        })
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        self.read(|cell| match cell.record() {
            Some(Record {
                name: Some(variant),
                ..
            }) if variants.contains(&&**variant) => {
                visitor.visit_enum(VariantCell { cell, variant })
            }
            Some(Record {
                name: Some(variant),
                ..
            }) => Err(ConvertError::Variant(variant.to_string(), variants)),
            _ => Err(ConvertError::Type(format!(
                "a choice of `{name}`: {}",
                variants.join(", ")
            ))),
        })
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, length: usize, visitor: V) -> Outcome<V::Value> {
        self.read(|cell| cell.read_tuple(length, visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Outcome<V::Value> {
        self.read(|cell| cell.read_tuple(length, visitor))
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Outcome<V::Value> {
        self.read(|cell| match cell.bare_word() {
            Some(word) => visitor.visit_borrowed_str(word),
            None => cell.read_any(visitor),
        })
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf
        unit unit_struct newtype_struct seq map identifier
    }
}

/// The elements of a list or tuple; those that failed before are passed over.
struct ElementsAccess<'a> {
    /// What is left.
    elements: core::slice::Iter<'a, Node>,
    /// Where errors go.
    log: &'a Log<'a>,
}

impl<'a> SeqAccess<'a> for ElementsAccess<'a> {
    type Error = ConvertError;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Outcome<Option<T::Value>> {
        let log = self.log;
        let next = self.elements.find(|node| !log.is_refused(node));
        next.map(|node| seed.deserialize(Cell::new(node, log)))
            .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len())
    }
}

/// The keys and values of a record.
struct FieldsAccess<'a> {
    /// What is left.
    fields: std::vec::IntoIter<&'a Field>,
    /// The value of the key that was just read.
    next: Option<&'a Node>,
    /// Where errors go.
    log: &'a Log<'a>,
}

impl<'a> MapAccess<'a> for FieldsAccess<'a> {
    type Error = ConvertError;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Outcome<Option<K::Value>> {
        let Some(field) = self.fields.next() else {
            return Ok(None);
        };
        self.next = Some(&field.node);
        seed.deserialize(de::value::BorrowedStrDeserializer::new(&field.key))
            .map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Outcome<T::Value> {
        let node = self
            .next
            .take()
            .expect("serde asks for a value after its key");
        seed.deserialize(Cell::new(node, self.log))
    }
}

/// A record whose name is a variant.
struct VariantCell<'a> {
    /// The record.
    cell: Cell<'a>,
    /// The name.
    variant: &'a str,
}

impl<'a> EnumAccess<'a> for VariantCell<'a> {
    type Error = ConvertError;
    type Variant = Cell<'a>;

    fn variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Outcome<(T::Value, Cell<'a>)> {
        let variant = seed.deserialize(de::value::BorrowedStrDeserializer::new(self.variant))?;
        Ok((variant, self.cell))
    }
}

impl<'a> VariantAccess<'a> for Cell<'a> {
    type Error = ConvertError;

    fn unit_variant(self) -> Outcome<()> {
        match self.record().map(|record| &record.body) {
            Some(Body::Bare) => Ok(()),
            _ => Err(ConvertError::Type(
                "the name alone, without parentheses".to_owned(),
            )),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Outcome<T::Value> {
        match self.record().map(|record| &record.body) {
            Some(Body::Tuple(inner)) if inner.len() == 1 => {
                seed.deserialize(Self::new(&inner[0], self.log))
            }
            _ => Err(ConvertError::Type(
                "the name with one value in parentheses".to_owned(),
            )),
        }
    }

    fn tuple_variant<V: Visitor<'a>>(self, length: usize, visitor: V) -> Outcome<V::Value> {
        match self.record().map(|record| &record.body) {
            Some(Body::Tuple(elements)) if elements.len() == length => {
                self.read_elements(elements, visitor)
            }
            _ => Err(ConvertError::Type(format!("the name with {length} values"))),
        }
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        known: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        match self.record().map(|record| &record.body) {
            Some(Body::Fields(fields)) => self.read_fields(fields, known, visitor),
            Some(Body::Tuple(elements)) if elements.is_empty() => {
                self.read_fields(&[], known, visitor)
            }
            _ => Err(ConvertError::Type(format!(
                "the name with keys in parentheses: {}",
                known.join(", ")
            ))),
        }
    }
}
