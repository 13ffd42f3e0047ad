use super::{Resolved, Schema, go_display};
use crate::{Scalar, Style};

fn resolve(schema: Schema, style: Style, tag: Option<&str>, text: &str) -> String {
    let text = text.into();
    let scalar = Scalar { text, style };
    format!("{:?}", schema.resolve(&scalar, tag))
}

fn core(text: &str) -> String {
    resolve(Schema::Core, Style::Plain, None, text)
}

fn go(text: &str) -> String {
    resolve(Schema::Go, Style::Plain, None, text)
}

/// What Docker Compose makes of a plain value in `environment`.
fn env(text: &str) -> String {
    tagged_env(None, Style::Plain, text)
}

fn tagged_env(tag: Option<&str>, style: Style, text: &str) -> String {
    let text = text.into();
    let scalar = Scalar { text, style };
    go_display(&Schema::Go.resolve(&scalar, tag)).unwrap_or_else(|| "null".into())
}

#[test]
fn core_schema_of_yaml_1_2() {
    for (text, meaning) in [
        ("", "Null"),
        ("~", "Null"),
        ("null", "Null"),
        ("Null", "Null"),
        ("NULL", "Null"),
        ("nuLL", r#"Str("nuLL")"#),
        ("true", "Bool(true)"),
        ("True", "Bool(true)"),
        ("TRUE", "Bool(true)"),
        ("tRUE", r#"Str("tRUE")"#),
        ("false", "Bool(false)"),
        ("FALSE", "Bool(false)"),
        ("yes", r#"Str("yes")"#),
        ("off", r#"Str("off")"#),
        ("0", "Int(0)"),
        ("-0", "Int(0)"),
        ("010", "Int(10)"),
        ("+12", "Int(12)"),
        ("0o17", "Int(15)"),
        ("-0o17", r#"Str("-0o17")"#),
        ("0o8", r#"Str("0o8")"#),
        ("0x1F", "Int(31)"),
        ("0X1F", r#"Str("0X1F")"#),
        ("0x", r#"Str("0x")"#),
        ("0b11", r#"Str("0b11")"#),
        ("1_000", r#"Str("1_000")"#),
        ("9223372036854775807", "Int(9223372036854775807)"),
        ("9223372036854775808", "UInt(9223372036854775808)"),
        ("-9223372036854775808", "Int(-9223372036854775808)"),
        ("-9223372036854775809", "Float(-9.223372036854776e18)"),
        ("18446744073709551616", "Float(1.8446744073709552e19)"),
        ("0x10000000000000000", "Float(1.8446744073709552e19)"),
        ("1.", "Float(1.0)"),
        (".5", "Float(0.5)"),
        ("+.5e-1", "Float(0.05)"),
        ("1e3", "Float(1000.0)"),
        ("1e", r#"Str("1e")"#),
        (".", r#"Str(".")"#),
        ("-", r#"Str("-")"#),
        ("1.2.3", r#"Str("1.2.3")"#),
        (".inf", "Float(inf)"),
        ("-.INF", "Float(-inf)"),
        (".NaN", "Float(NaN)"),
        ("+.nan", r#"Str("+.nan")"#),
        ("inf", r#"Str("inf")"#),
        ("nan", r#"Str("nan")"#),
        ("2024-01-01", r#"Str("2024-01-01")"#),
    ] {
        assert_eq!(core(text), meaning, "{text}");
    }
}

/// Docker Compose v5.6.1, `docker-compose config`, one environment value each.
#[test]
fn environment_values_of_docker_compose() {
    for text in [
        "yes", "no", "on", "off", "y", "n", "Yes", "tRUE", "nuLL", "inf", "nan", "=",
    ] {
        assert_eq!(env(text), text);
    }
    for text in [
        "190:20:30",
        "1:30",
        "08x",
        "0x",
        "0o",
        "0o8",
        "-0o",
        "0b2",
        "0B2",
        "12e",
        "1e400",
        "+",
        "-",
        "0x1p3",
        ".0x1",
        ".Infinity",
        "_1",
        "._5",
        ".5_",
        ".5__0",
        "2001-13-01",
        "2001-02-30",
        "2001-01-01T24:00:00Z",
        "2001-01-01T01:02Z",
        "2001-01-01 1:2:3 +1",
        "2024-01-01T10:20:30",
        "2024-01-01 10:20:30Z",
    ] {
        assert_eq!(env(text), text);
    }
    for (text, shown) in [
        ("TRUE", "true"),
        ("true", "true"),
        ("010", "8"),
        ("017", "15"),
        ("0777", "511"),
        ("0o17", "15"),
        ("0O17", "15"),
        ("-0o17", "-15"),
        ("+0o17", "15"),
        ("0b11", "3"),
        ("0B11", "3"),
        ("-0b11", "-3"),
        ("0b1_1", "3"),
        ("0x1F", "31"),
        ("0X1F", "31"),
        ("-0x1F", "-31"),
        ("+0x1f", "31"),
        ("0x_1F", "31"),
        ("0x1_", "1"),
        ("0x8000000000000000", "9223372036854775808"),
        ("-0x8000000000000000", "-9223372036854775808"),
        ("00", "0"),
        ("-00", "0"),
        ("-0x0", "0"),
        ("-0", "-0"),
        ("-0.0", "-0"),
        ("-0.0e1", "-0"),
        ("08", "8"),
        ("0_8", "8"),
        ("019.5", "19.5"),
        ("00.5", "0.5"),
        ("+1", "1"),
        ("+1.5", "1.5"),
        ("1_000", "1000"),
        ("1__0", "10"),
        ("1_", "1"),
        ("1_0.5", "10.5"),
        ("1_000.5_0", "1000.5"),
        ("1e1_0", "1e+10"),
        ("1_e5", "100000"),
        ("1.10", "1.1"),
        ("1.0", "1"),
        ("1.", "1"),
        ("0.0", "0"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("+.5", "0.5"),
        (".5_0", "0.5"),
        (".5e-3", "0.0005"),
        ("0.1e1", "1"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("1e5", "100000"),
        ("1e+5", "100000"),
        ("1e6", "1e+06"),
        ("-1e6", "-1e+06"),
        ("1e-5", "1e-05"),
        ("0.0001", "0.0001"),
        ("0.00001", "1e-05"),
        ("123456.5", "123456.5"),
        ("999999.9", "999999.9"),
        ("1234567.5", "1.2345675e+06"),
        ("1234567.0", "1.234567e+06"),
        ("12345678.0", "1.2345678e+07"),
        ("12345678.9", "1.23456789e+07"),
        ("1e21", "1e+21"),
        ("1e22", "1e+22"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("100000000000000000000", "1e+20"),
        ("12345678901234567890", "12345678901234567890"),
        ("+12345678901234567890", "1.2345678901234567e+19"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-9223372036854775809", "-9.223372036854776e+18"),
        ("123456789012345678", "123456789012345678"),
        ("9007199254740993", "9007199254740993"),
        ("2024-01-01", "2024-01-01 00:00:00 +0000 UTC"),
        ("2001-1-1", "2001-01-01 00:00:00 +0000 UTC"),
        ("0000-01-01", "0000-01-01 00:00:00 +0000 UTC"),
        ("2001-01-01T01:02:03Z", "2001-01-01 01:02:03 +0000 UTC"),
        ("2001-01-01 1:2:3", "2001-01-01 01:02:03 +0000 UTC"),
        (
            "2001-01-01T01:02:03.500+02:00",
            "2001-01-01 01:02:03.5 +0200 +0200",
        ),
        (
            "2001-01-01t01:02:03-05:30",
            "2001-01-01 01:02:03 -0530 -0530",
        ),
        ("2001-01-01T01:02:03+00:00", "2001-01-01 01:02:03 +0000 UTC"),
        (
            "2001-01-01   01:02:03.1234567891234",
            "2001-01-01 01:02:03.123456789 +0000 UTC",
        ),
        ("2001-01-01T01:02:03,5Z", "2001-01-01 01:02:03.5 +0000 UTC"),
        ("~", "null"),
        ("Null", "null"),
        ("NULL", "null"),
        ("", "null"),
    ] {
        assert_eq!(env(text), shown, "{text}");
    }
    // Compose refuses these when it writes JSON; `%v` itself has words for them.
    assert_eq!(env(".inf"), "+Inf");
    assert_eq!(env("+.INF"), "+Inf");
    assert_eq!(env("-.Inf"), "-Inf");
    assert_eq!(env(".nan"), "NaN");
}

/// Docker Compose v5.6.1 again.
#[test]
fn tags_and_quotes() {
    let plain = |tag, text| tagged_env(Some(tag), Style::Plain, text);
    let quoted = |tag, text| tagged_env(Some(tag), Style::DoubleQuoted, text);
    assert_eq!(tagged_env(None, Style::SingleQuoted, "010"), "010");
    assert_eq!(tagged_env(None, Style::Literal, "true"), "true");
    assert_eq!(plain("!!str", "010"), "010");
    assert_eq!(plain("!!str", ""), "");
    assert_eq!(plain("!!str", "null"), "null");
    assert_eq!(plain("!foo", "010"), "010");
    assert_eq!(plain("!foo", "null"), "null");
    assert_eq!(plain("!foo", "~"), "~");
    assert_eq!(plain("!", "010"), "010");
    assert_eq!(quoted("!!int", "3"), "3");
    assert_eq!(plain("!!int", "0o17"), "15");
    assert_eq!(plain("!!float", "1"), "1");
    assert_eq!(plain("!!float", "010"), "8");
    assert_eq!(quoted("!!bool", "true"), "true");
    assert_eq!(quoted("!!null", ""), "null");
    assert_eq!(
        quoted("!!timestamp", "2001-01-01"),
        "2001-01-01 00:00:00 +0000 UTC"
    );
}

/// Go's library refuses these; here the text stays text and the reader says what it wanted.
#[test]
fn a_tag_that_does_not_fit() {
    for (tag, text) in [
        ("!!int", "abc"),
        ("!!int", "1.5"),
        ("!!float", "abc"),
        ("!!bool", "yes"),
        ("!!bool", "1"),
        ("!!null", "x"),
        ("!!timestamp", "x"),
    ] {
        for schema in [Schema::Core, Schema::Go] {
            let resolved = resolve(schema, Style::Plain, Some(tag), text);
            assert_eq!(resolved, format!("Str({text:?})"), "{tag}");
        }
    }
}

#[test]
fn types_under_go() {
    assert_eq!(go("08"), "Float(8.0)");
    assert_eq!(go("12345678901234567890"), "UInt(12345678901234567890)");
    assert_eq!(go("2024-01-01"), r#"Timestamp("2024-01-01")"#);
    assert_eq!(
        resolve(Schema::Go, Style::Plain, Some("!!float"), "1"),
        "Float(1.0)"
    );
}

#[test]
fn names_of_kinds() {
    let names = [
        "",
        "true",
        "1",
        "18446744073709551615",
        "1.5",
        "2024-01-01",
        "x",
    ]
    .map(|text| {
        let text = text.into();
        let scalar = Scalar {
            text,
            style: Style::Plain,
        };
        Schema::Go.resolve(&scalar, None).kind_name()
    });
    assert_eq!(
        names,
        [
            "null",
            "a boolean",
            "an integer",
            "an integer",
            "a number",
            "a date",
            "a string"
        ]
    );
    assert_eq!(Resolved::Null.kind_name(), "null");
}
