//! JSON as a checker wants it: a key that stands twice is an error, because two readers might take
//! different ones. Depth and size are limited.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Largest file that is read, bytes.
pub const SIZE_MAX: usize = 8 * 1024 * 1024;

/// Parses bytes as one JSON value without repeated keys.
///
/// # Errors
///
/// The parser's words for anything that is no such value, or for more than [`SIZE_MAX`] bytes.
pub fn parse(bytes: &[u8]) -> Result<Value, String> {
    if bytes.len() > SIZE_MAX {
        return Err(format!("{} bytes, more than {SIZE_MAX}", bytes.len()));
    }
    // serde_json stops at a depth of 128.
    serde_json::from_slice::<Strict>(bytes)
        .map(|strict| strict.0)
        .map_err(|error| error.to_string())
}

/// A value that was read strictly.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StrictVisitor).map(Self)
    }
}

/// Builds values and watches keys.
struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number is not finite"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = from.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            let Strict(value) = from.next_value()?;
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("key {key:?} stands twice")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_key_is_refused_at_any_depth() {
        assert!(
            parse(br#"{"a":[{"b":1,"b":2}]}"#)
                .unwrap_err()
                .contains("twice")
        );
        assert_eq!(
            parse(br#"{"a":[1,2.5,null,true,"x"]}"#).unwrap()["a"][1],
            2.5
        );
    }

    #[test]
    fn hostile_bytes_are_refused() {
        assert!(parse(b"{\"a\":NaN}").is_err());
        assert!(parse(b"[1e999]").is_err());
        assert!(parse(&[b'['; 100_000]).is_err());
        assert!(parse(b"{} {}").is_err());
        assert!(parse(&[0xff, 0xfe]).is_err());
    }
}
