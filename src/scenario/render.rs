//! A value of a tree as RON again. See [`Node::to_ron`].

use super::tree::{Body, Node, Value};

impl Node {
    /// The value as RON on one line without blanks, as it may stand behind the `=` of `--set`.
    pub(crate) fn to_ron(&self) -> String {
        match &self.value {
            Value::Bool(value) => value.to_string(),
            Value::Unsigned(value) => value.to_string(),
            Value::Signed(value) => value.to_string(),
            // The shortest form that reads back as the same bits, always with a point.
            Value::Float(value) => format!("{value:?}"),
            Value::Char(value) => format!("{value:?}"),
            Value::Text(value) => format!("{value:?}"),
            Value::List(nodes) => format!("[{}]", joined(nodes)),
            Value::Map(entries) => {
                let pairs: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{}:{}", key.to_ron(), value.to_ron()))
                    .collect();
                format!("{{{}}}", pairs.join(","))
            }
            Value::Record(record) => {
                let name = record.name.as_deref().unwrap_or_default();
                match &record.body {
                    Body::Bare => name.to_owned(),
                    Body::Tuple(nodes) => format!("{name}({})", joined(nodes)),
                    Body::Fields(fields) => {
                        let pairs: Vec<String> = fields
                            .iter()
                            .map(|field| format!("{}:{}", field.key, field.node.to_ron()))
                            .collect();
                        format!("{name}({})", pairs.join(","))
                    }
                }
            }
            // Conversion refuses a file with such a value before anyone renders it.
            Value::Refused => String::new(),
        }
    }
}

/// Values with commas between them.
fn joined(nodes: &[Node]) -> String {
    let texts: Vec<String> = nodes.iter().map(Node::to_ron).collect();
    texts.join(",")
}

#[cfg(test)]
mod tests {
    use crate::scenario::parse::parse_source;
    use crate::scenario::tree::Source;

    #[test]
    fn a_value_reads_back_as_itself() {
        for text in [
            "Meshed",
            "-3",
            "0.1",
            "1e-7",
            "true",
            r#""a \"b\" é""#,
            "[1,2.5,Some(3)]",
            "Patrol(route_m:[(1,-2),(3.5,4)],altitude_m:200)",
            r#"{"a":(),"b":'x'}"#,
        ] {
            let source = Source {
                name: "a".into(),
                text: text.into(),
            };
            let (node, findings) = parse_source(0, &source);
            assert!(findings.is_empty(), "{text}: {findings:?}");
            assert_eq!(node.unwrap().to_ron(), text);
        }
    }
}
