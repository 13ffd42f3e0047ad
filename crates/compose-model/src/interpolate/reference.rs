//! Where references stand, and what they are made of.

use std::ops::Range;

/// A `$` that means something.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) range: Range<usize>,
    pub(super) shape: Shape,
    /// For a reference with an operator: where the last `}` of the line ends. Compose takes all
    /// up to there as one piece and goes on inside it, which shows in its messages and orders.
    pub(super) reach: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// `$$`.
    Dollar,
    /// `${` and no more that makes sense.
    Malformed,
    Variable {
        name: Range<usize>,
        operator: Option<Operator>,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Operator {
    /// `-`, `+` or `?`.
    pub(super) symbol: char,
    pub(super) colon: bool,
    pub(super) operand: Range<usize>,
}

/// The references in a part of a text, from left to right, those inside operands left out.
#[derive(Debug)]
pub(super) struct Scan<'t> {
    text: &'t str,
    range: Range<usize>,
    position: usize,
    /// The part that Compose looks at since the last reference with an operator.
    piece: Option<Range<usize>>,
    /// The last `}` of the current line, once looked for.
    last_brace: Option<usize>,
    /// Up to where no `}` can follow.
    braceless: usize,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str, range: Range<usize>) -> Self {
        Self {
            text,
            position: range.start,
            range,
            piece: None,
            last_brace: None,
            braceless: 0,
        }
    }

    /// Behind the last reference found.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn end(&self) -> usize {
        self.range.end
    }

    /// What Compose calls the template when it complains about the last reference found.
    pub(super) fn template(&self) -> Range<usize> {
        self.piece.clone().unwrap_or_else(|| self.range.clone())
    }

    /// The next reference, if there is one.
    pub(super) fn next(&mut self) -> Option<Reference> {
        let end = self.range.end;
        let mut from = self.position;
        loop {
            let start = from + self.text.get(from..end)?.find('$')?;
            let after = start + 1;
            let (shape, stop, reach) = match self.text.as_bytes()[after..end].first() {
                Some(b'$') => (Shape::Dollar, after + 1, None),
                Some(b'{') => self.braced(after),
                _ => {
                    let name = self.name(after);
                    if name.is_empty() {
                        from = after;
                        continue;
                    }
                    let stop = name.end;
                    let operator = None;
                    (Shape::Variable { name, operator }, stop, None)
                }
            };
            if self.piece.as_ref().is_some_and(|piece| start >= piece.end) {
                self.piece = None;
            }
            if let Some(reach) = reach {
                self.piece = Some(stop..reach);
            }
            self.position = stop;
            return Some(Reference {
                range: start..stop,
                shape,
                reach,
            });
        }
    }

    /// The longest name at `start`. Compose matches without regard to case, and by the folding of
    /// Unicode the long s and the sign of Kelvin are letters of the English alphabet.
    fn name(&self, start: usize) -> Range<usize> {
        let text = &self.text[start..self.range.end];
        let letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '\u{17f}' | '\u{212a}');
        let stop = text.find(|c: char| !letter(c) && !c.is_ascii_digit());
        let stop = if text.starts_with(letter) {
            stop.unwrap_or(text.len())
        } else {
            0
        };
        start..start + stop
    }

    /// The reference whose `{` is at `brace`.
    fn braced(&mut self, brace: usize) -> (Shape, usize, Option<usize>) {
        let malformed = (Shape::Malformed, brace + 1, None);
        let name = self.name(brace + 1);
        if name.is_empty() {
            return malformed;
        }
        let rest = &self.text.as_bytes()[name.end..self.range.end];
        let (symbol, colon) = match rest {
            [b'}', ..] => {
                let stop = name.end + 1;
                let operator = None;
                return (Shape::Variable { name, operator }, stop, None);
            }
            [b':', symbol @ (b'-' | b'+' | b'?'), ..] => (*symbol, true),
            [symbol @ (b'-' | b'+' | b'?'), ..] => (*symbol, false),
            _ => return malformed,
        };
        let operand = name.end + usize::from(colon) + 1;
        let Some(last) = self.last_brace(operand) else {
            return malformed;
        };
        let close = self.closing(brace, last);
        let operator = Some(Operator {
            symbol: char::from(symbol),
            colon,
            operand: operand..close,
        });
        (
            Shape::Variable { name, operator },
            close + 1,
            Some(last + 1),
        )
    }

    /// The last `}` of the line at or behind `from`.
    fn last_brace(&mut self, from: usize) -> Option<usize> {
        if self.last_brace.is_some_and(|last| last >= from) {
            return self.last_brace;
        }
        if from >= self.braceless {
            let rest = &self.text[from..self.range.end];
            let line = rest.split('\n').next().unwrap_or(rest);
            self.last_brace = line.rfind('}').map(|at| from + at);
            self.braceless = from + line.len();
        }
        self.last_brace.filter(|last| *last >= from)
    }

    /// The `}` that ends what the `{` at `brace` began, by naive counting; `last` if none does.
    fn closing(&self, brace: usize, last: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut open = 0_usize;
        let mut at = brace;
        while at <= last {
            match bytes[at] {
                b'{' => {
                    open += 1;
                    at += 1;
                }
                b'}' if open == 1 => return at,
                b'}' => open -= 1,
                _ => {}
            }
            at += 1;
        }
        last
    }
}
