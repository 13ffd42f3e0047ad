//! Functions over regular expressions.

use go_std::regexp::{Pattern, quote_meta};

use super::{Function, takes};
use crate::options::Meter;
use crate::options::Param::{Int, Text};
use crate::{Data, Trouble};

/// The largest expression when it is ready, in bytes.
const MAX_PATTERN: usize = 1 << 20;

pub(super) const FUNCTIONS: &[Function] = &[
    takes(&["regexMatch"], &[Text, Text], |meter, a| {
        let pattern = match pattern(meter, a) {
            Err(Trouble::TooMuchWork) => return Err(Trouble::TooMuchWork),
            pattern => pattern,
        };
        let matches = pattern.is_ok_and(|pattern| pattern.is_match(a[1].as_text()));
        Ok(Data::Bool(matches))
    }),
    takes(&["mustRegexMatch"], &[Text, Text], |meter, a| {
        Ok(Data::Bool(pattern(meter, a)?.is_match(a[1].as_text())))
    }),
    takes(
        &["regexFind", "mustRegexFind"],
        &[Text, Text],
        |meter, a| {
            let found = pattern(meter, a)?;
            Ok(Data::from(found.find(a[1].as_text()).unwrap_or_default()))
        },
    ),
    takes(
        &["regexFindAll", "mustRegexFindAll"],
        &[Text, Text, Int],
        |meter, a| {
            let pattern = pattern(meter, a)?;
            Ok(Data::texts(pattern.find_all(a[1].as_text(), limit(&a[2]))))
        },
    ),
    takes(
        &["regexReplaceAll", "mustRegexReplaceAll"],
        &[Text, Text, Text],
        |meter, a| {
            let (text, by) = (a[1].as_text(), a[2].as_text());
            let pattern = pattern(meter, a)?;
            // Each match may put in the whole text once for each reference.
            let matches = pattern.find_all(text, usize::MAX).len();
            let references = by.matches('$').count();
            meter.charge(matches.saturating_mul(by.len()))?;
            meter.charge(text.len().saturating_mul(references))?;
            Ok(Data::Text(pattern.replace_all(text, by)))
        },
    ),
    takes(
        &["regexReplaceAllLiteral", "mustRegexReplaceAllLiteral"],
        &[Text, Text, Text],
        |meter, a| {
            let (text, by) = (a[1].as_text(), a[2].as_text());
            let pattern = pattern(meter, a)?;
            let matches = pattern.find_all(text, usize::MAX).len();
            meter.charge(matches.saturating_mul(by.len()))?;
            Ok(Data::Text(pattern.replace_all_literal(text, by)))
        },
    ),
    takes(
        &["regexSplit", "mustRegexSplit"],
        &[Text, Text, Int],
        |meter, a| {
            let pattern = pattern(meter, a)?;
            Ok(Data::texts(pattern.split(a[1].as_text(), limit(&a[2]))))
        },
    ),
    takes(&["regexQuoteMeta"], &[Text], |_, a| {
        Ok(Data::Text(quote_meta(a[0].as_text())))
    }),
];

fn limit(count: &Data) -> usize {
    usize::try_from(count.as_int()).unwrap_or(usize::MAX)
}

/// The expression, which is the first argument of all; the second is the text.
fn pattern(meter: &mut Meter, arguments: &[Data]) -> Result<Pattern, Trouble> {
    let (pattern, text) = (arguments[0].as_text(), arguments[1].as_text());
    // Reading the expression is the expensive part.
    meter.charge(20_000 + pattern.len() * 100 + text.len() * 2)?;
    Ok(Pattern::within(pattern, MAX_PATTERN)?)
}
