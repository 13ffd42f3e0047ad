use super::*;

#[test]
fn values_print_as_in_go() {
    let cases: Vec<(Value, &str)> = vec![
        (Value::Null, "<nil>"),
        (true.into(), "true"),
        ((-3).into(), "-3"),
        (1.0.into(), "1"),
        (0.1.into(), "0.1"),
        (1e20.into(), "1e+20"),
        (vec!["a", "b c"].into(), "[a b c]"),
        (Map::from_iter([("b", 1), ("a", 2)]).into(), "map[a:2 b:1]"),
        (vec![Value::Null, vec![1].into()].into(), "[<nil> [1]]"),
        (
            SystemTime::UNIX_EPOCH.into(),
            "1970-01-01 00:00:00 +0000 UTC",
        ),
    ];
    for (value, text) in cases {
        assert_eq!(value.to_string(), text);
    }
}

#[test]
fn a_map_of_strings_has_empty_absent_values() {
    let mut map = Map::strings([("A", "a")]);
    assert_eq!(map.absent(), Value::from(""));
    map.insert("B", 1);
    assert_eq!(map.absent(), Value::Null);
    assert_eq!(
        map,
        Map::from_iter([("A", Value::from("a")), ("B", Value::from(1))])
    );
}

#[test]
fn json_goes_both_ways() {
    let text = r#"{"a":[1,2.5,"x",null,true],"b":{}}"#;
    let json: serde_json::Value = serde_json::from_str(text).unwrap();
    let value = Value::from(json.clone());
    assert_eq!(serde_json::Value::from(&value), json);
    assert_eq!(serde_json::Value::from(&Value::Float(3.0)).to_string(), "3");
}
