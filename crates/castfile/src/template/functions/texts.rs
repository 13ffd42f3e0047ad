//! Texts: positions and lengths count characters, where sprig counts bytes and cuts characters in
//! two.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use go_template::Param::{Any, Int, Text};
use go_template::{Data, Outcome, Own, Trouble};

pub(super) fn add(own: &mut Vec<Own<'_>>) {
    own.push(Own::new("substr", &[Int, Int, Text], |_, a| {
        let (start, end, text) = (a[0].as_int(), a[1].as_int(), a[2].as_text());
        let length = length(text);
        // As in sprig: a negative start is the beginning, a bad end is the end.
        let end = if end < 0 || end > length { length } else { end };
        Ok(characters(text, start.max(0), end))
    }));
    own.push(Own::new("trunc", &[Int, Text], |_, a| {
        let (count, text) = (a[0].as_int(), a[1].as_text());
        let length = length(text);
        Ok(if count >= 0 {
            characters(text, 0, count)
        } else {
            characters(text, length.saturating_add(count).max(0), length)
        })
    }));
    own.push(Own::new("abbrev", &[Int, Text], |_, a| {
        let (width, text) = (a[0].as_int(), a[1].as_text());
        Ok(if width < 4 || length(text) <= width {
            a[1].clone()
        } else {
            Data::Text(format!("{}...", characters(text, 0, width - 3)))
        })
    }));
    for name in ["slice", "mustSlice"] {
        own.push(Own::new(name, &[Any], |_, a| slice(a)).and_more(Int));
    }
    // sprig gives the message for the text.
    own.push(Own::new("b64dec", &[Text], |_, a| {
        // As Go, which passes over line ends.
        let packed = a[0].as_text().replace(['\r', '\n'], "");
        let bytes = STANDARD.decode(packed).map_err(|error| error.to_string())?;
        let text = String::from_utf8(bytes);
        text.map(Data::Text)
            .map_err(|_| Trouble::from("the bytes are not text"))
    }));
}

fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// The characters from `start` up to `end`; nothing when that is backwards.
fn characters(text: &str, start: i64, end: i64) -> Data {
    let skip = usize::try_from(start).unwrap_or(0);
    let take = usize::try_from(end.saturating_sub(start)).unwrap_or(0);
    Data::Text(text.chars().skip(skip).take(take).collect())
}

/// `slice x 1 3` is `x[1:3]`, for lists (sprig) and texts (Go). A further argument limits the
/// capacity in Go and means nothing here.
fn slice(arguments: &[Data]) -> Outcome {
    let length = match &arguments[0] {
        Data::List(_, items) => items.len(),
        Data::Text(text) => text.chars().count(),
        other => return Err(Trouble::argument("a list or string", other)),
    };
    let bound = |at: usize, default: usize, least: usize| {
        let Some(index) = arguments.get(at).map(Data::as_int) else {
            return Ok(default);
        };
        match usize::try_from(index) {
            Ok(bound) if (least..=length).contains(&bound) => Ok(bound),
            _ => Err(Trouble::OutOfRange { index, length }),
        }
    };
    let start = bound(1, 0, 0)?;
    let end = bound(2, length, start)?;
    Ok(match &arguments[0] {
        Data::List(kind, items) => Data::List(*kind, items[start..end].to_vec()),
        other => {
            let text = other.as_text().chars().skip(start).take(end - start);
            Data::Text(text.collect())
        }
    })
}
