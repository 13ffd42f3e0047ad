//! Calls of functions: how many arguments, of which types, and what is done.

pub(crate) mod change;

use crate::ast::{Callee, Named};
use crate::error::TemplateErrorKind;
use crate::functions::cut_decimals;
use crate::options::{Meter, Param, Sprig};
use crate::{Data, Options};

impl Callee {
    fn signature(self, options: &Options<'_>) -> (&'static [Param], Option<Param>) {
        match self.function {
            Named::Known(known) => (known.params, known.rest),
            Named::Own(at) => match options.own.get(at) {
                Some(own) => (own.params, own.rest),
                None => (&[], Some(Param::Any)),
            },
        }
    }

    /// The type of an argument.
    pub(crate) fn param(self, options: &Options<'_>, at: usize) -> Param {
        let (params, rest) = self.signature(options);
        params.get(at).copied().or(rest).unwrap_or(Param::Any)
    }

    /// Checks the number of arguments.
    pub(crate) fn check(
        self,
        options: &Options<'_>,
        found: usize,
    ) -> Result<(), TemplateErrorKind> {
        let (params, rest) = self.signature(options);
        let wanted = params.len();
        if found == wanted || (found > wanted && rest.is_some()) {
            return Ok(());
        }
        let least = if rest.is_some() { "at least " } else { "" };
        let expected = match wanted {
            0 => "no arguments".to_owned(),
            1 => format!("{least}1 argument"),
            wanted => format!("{least}{wanted} arguments"),
        };
        Err(TemplateErrorKind::Arguments {
            function: self.name,
            expected,
            found,
        })
    }

    /// Calls it with arguments that were checked.
    pub(crate) fn run(
        self,
        options: &Options<'_>,
        meter: &mut Meter,
        arguments: &mut [Data],
    ) -> Result<Data, TemplateErrorKind> {
        let function = self.name;
        let result = match self.function {
            Named::Known(known) => {
                let Some(run) = known.run else {
                    return Err(TemplateErrorKind::Unforetold { function });
                };
                if options.sprig == Sprig::V3_3 {
                    cut_decimals(function, arguments);
                }
                run(meter, arguments)
            }
            Named::Own(at) => match options.own.get(at).filter(|own| own.name == function) {
                Some(own) => (own.run)(meter, arguments),
                None => Err("the template was read with other functions".into()),
            },
        };
        result.map_err(|trouble| trouble.of(function))
    }
}
