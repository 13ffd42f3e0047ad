//! Whole numbers: what does not fit into 64 bits is an error, and a text is decimal (`"010"` is
//! ten). sprig wraps around, and reads it as in a program.

use go_template::Param::Any;
use go_template::{Data, Outcome, Own, Trouble};

pub(super) fn add(own: &mut Vec<Own<'_>>) {
    own.push(Own::new("int", &[Any], |_, a| Ok(Data::Int(int(&a[0])))));
    own.push(Own::new("int64", &[Any], |_, a| Ok(Data::Long(int(&a[0])))));
    own.push(Own::new("abs", &[Any], |_, a| {
        long(int(&a[0]).checked_abs())
    }));
    own.push(Own::new("add1", &[Any], |_, a| {
        long(int(&a[0]).checked_add(1))
    }));
    own.push(Own::new("add", &[], |_, a| fold(0, a, i64::checked_add)).and_more(Any));
    own.push(Own::new("mul", &[Any], |_, a| fold(1, a, i64::checked_mul)).and_more(Any));
    own.push(Own::new("sub", &[Any, Any], |_, a| {
        long(int(&a[0]).checked_sub(int(&a[1])))
    }));
    own.push(Own::new("div", &[Any, Any], |_, a| {
        long(int(&a[0]).checked_div(divisor(&a[1])?))
    }));
    own.push(Own::new("mod", &[Any, Any], |_, a| {
        long(Some(int(&a[0]).wrapping_rem(divisor(&a[1])?)))
    }));
    for name in ["max", "biggest"] {
        own.push(
            Own::new(name, &[Any], |_, a| {
                fold(i64::MIN, a, |a, b| Some(a.max(b)))
            })
            .and_more(Any),
        );
    }
    own.push(
        Own::new("min", &[Any], |_, a| {
            fold(i64::MAX, a, |a, b| Some(a.min(b)))
        })
        .and_more(Any),
    );
}

/// As sprig converts: texts and booleans too, 0 for what is no number.
fn int(value: &Data) -> i64 {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "drops the fraction, as sprig does"
        )]
        Data::Float(value) => *value as i64,
        Data::Bool(value) => i64::from(*value),
        Data::Text(text) => text.trim().parse().unwrap_or(0),
        other => other.as_int(),
    }
}

fn divisor(value: &Data) -> Result<i64, Trouble> {
    match int(value) {
        0 => Err(Trouble::DivisionByZero),
        by => Ok(by),
    }
}

fn long(number: Option<i64>) -> Outcome {
    number.map(Data::Long).ok_or(Trouble::Overflow)
}

fn fold(start: i64, numbers: &[Data], combine: fn(i64, i64) -> Option<i64>) -> Outcome {
    let mut numbers = numbers.iter().map(int);
    long(numbers.try_fold(start, combine))
}
