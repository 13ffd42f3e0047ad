//! sprig's functions for words and their case.

use super::{Arguments, Function, Outcome, function};

pub(super) const FUNCTIONS: &[Function] = &[
    function("title", 1, 1, |_, mut arguments| {
        Ok(title(&arguments.text()?).into())
    }),
    function("untitle", 1, 1, |_, mut arguments| {
        Ok(each_word(&arguments.text()?, |first| first.to_lowercase().collect()).into())
    }),
    function("initials", 1, 1, |_, mut arguments| {
        let text = arguments.text()?;
        let initials = text
            .split_whitespace()
            .filter_map(|word| word.chars().next());
        Ok(initials.collect::<String>().into())
    }),
    function("swapcase", 1, 1, |_, mut arguments| {
        Ok(swapcase(&arguments.text()?).into())
    }),
    function("snakecase", 1, 1, |_, mut arguments| {
        Ok(joined(&arguments.text()?, '_').into())
    }),
    function("kebabcase", 1, 1, |_, mut arguments| {
        Ok(joined(&arguments.text()?, '-').into())
    }),
    function("camelcase", 1, 1, |_, mut arguments| {
        Ok(camelcase(&arguments.text()?).into())
    }),
    function("wrap", 2, 2, |context, mut arguments| {
        let (width, text) = (arguments.count()?, arguments.text()?);
        context.charge(text.len())?;
        Ok(wrap(&text, width, "\n", false).into())
    }),
    function("wrapWith", 3, 3, wrap_with),
];

fn wrap_with(context: &mut super::Context<'_>, mut arguments: Arguments) -> Outcome {
    let (width, by, text) = (arguments.count()?, arguments.text()?, arguments.text()?);
    let breaks = text.len() / width.max(1) + text.matches(' ').count();
    context.charge(text.len().saturating_add(breaks.saturating_mul(by.len())))?;
    Ok(wrap(&text, width, &by, true).into())
}

/// Upper-cases the first letter of each word, as Go's `strings.Title`: a word starts behind any
/// ASCII character other than letters, digits and `_`, and behind blanks.
fn title(text: &str) -> String {
    let mut before = ' ';
    text.chars()
        .flat_map(|c| {
            let separated = if before.is_ascii() {
                !before.is_ascii_alphanumeric() && before != '_'
            } else {
                before.is_whitespace()
            };
            before = c;
            if separated {
                c.to_uppercase().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}

/// Changes the first character behind each blank and at the start.
fn each_word(text: &str, change: impl Fn(char) -> String) -> String {
    let mut before = ' ';
    let mut changed = String::with_capacity(text.len());
    for c in text.chars() {
        if before.is_whitespace() {
            changed.push_str(&change(c));
        } else {
            changed.push(c);
        }
        before = c;
    }
    changed
}

fn swapcase(text: &str) -> String {
    let mut swapped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() {
            swapped.extend(c.to_lowercase());
        } else {
            swapped.extend(c.to_uppercase());
        }
    }
    swapped
}

/// Lower-case words with `by` between: `HTTPServer` → `http_server`, `GO PATH` → `go_path`,
/// `http2xx` → `http_2xx`.
fn joined(text: &str, by: char) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    // whether the current word started with a digit
    let mut numeric = false;
    for (index, c) in chars.iter().copied().enumerate() {
        if matches!(c, ' ' | '_' | '-') {
            out.push(by);
            continue;
        }
        let before = index.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(index + 1).copied();
        let starts = match before {
            None | Some(' ' | '_' | '-') => true,
            Some(before) if c.is_uppercase() => {
                !before.is_uppercase() || after.is_some_and(char::is_lowercase)
            }
            Some(before) if c.is_numeric() => {
                // a number goes with the letters it is followed by
                let behind = chars[index..].iter().find(|c| !c.is_numeric());
                !before.is_numeric() && !numeric && behind.is_some_and(|c| c.is_lowercase())
            }
            Some(_) => false,
        };
        if starts {
            if index > 0 && !out.ends_with(by) {
                out.push(by);
            }
            numeric = c.is_numeric();
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// `some_words` → `SomeWords`. Separators at both ends stay, of several between words one is lost.
fn camelcase(text: &str) -> String {
    let separator = |c: char| matches!(c, '_' | '-' | ' ');
    let inner_end = text.trim_end_matches(separator).len();
    let mut out = String::with_capacity(text.len());
    let mut starts = true;
    for (at, c) in text.char_indices() {
        if separator(c) {
            // the separator right before a word is lost, unless it is the first of the text
            let before_word = text[at + 1..]
                .chars()
                .next()
                .is_some_and(|next| !separator(next));
            if !before_word || out.chars().all(separator) || at >= inner_end {
                out.push(c);
            }
            starts = true;
        } else if starts {
            out.extend(c.to_uppercase());
            starts = false;
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// Breaks lines at blanks so that they have at most `width` characters. Longer words are broken
/// only if `long` says so.
fn wrap(text: &str, width: usize, by: &str, long: bool) -> String {
    let width = width.max(1);
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while chars.len() - at > width {
        if chars[at] == ' ' {
            at += 1;
            continue;
        }
        let space = chars[at..=at + width].iter().rposition(|c| *c == ' ');
        if let Some(space) = space {
            out.extend(&chars[at..at + space]);
            at += space + 1;
        } else if long {
            out.extend(&chars[at..at + width]);
            at += width;
        } else if let Some(space) = chars[at..].iter().position(|c| *c == ' ') {
            out.extend(&chars[at..at + space]);
            at += space + 1;
        } else {
            break;
        }
        out.push_str(by);
    }
    out.extend(&chars[at..]);
    out
}
