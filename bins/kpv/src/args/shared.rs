//! Options that several commands have.

use camino::Utf8PathBuf;
use clap::Args;
use vault::{Format, Naming, Rules, SYMBOLS};

/// How a value is made.
#[derive(Debug, Clone, Args)]
pub(crate) struct Generation {
    /// How many characters
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) size: Option<i64>,
    /// No capital letters
    #[arg(short = 'U', long)]
    pub(crate) no_upper: bool,
    /// No small letters
    #[arg(short = 'L', long)]
    pub(crate) no_lower: bool,
    /// No digits
    #[arg(short = 'D', long)]
    pub(crate) no_digits: bool,
    /// No symbols
    #[arg(short = 'S', long, alias = "no-symbols")]
    pub(crate) no_special: bool,
    /// The symbols to use
    #[arg(long, value_name = "CHARS", allow_hyphen_values = true)]
    pub(crate) special: Option<String>,
    /// The characters to draw from, instead of all classes
    #[arg(long, value_name = "CHARS", allow_hyphen_values = true)]
    pub(crate) chars: Option<String>,
}

impl Generation {
    /// Rules for `size` characters unless the command line says how many. A size below 1 counts as
    /// the usual one, as in the Go kpv.
    pub(crate) fn rules(&self) -> Rules {
        let mut rules = Rules::default();
        if let Some(size) = self.size.filter(|size| *size > 0) {
            rules.size = usize::try_from(size).unwrap_or(usize::MAX);
        }
        rules.upper = !self.no_upper;
        rules.lower = !self.no_lower;
        rules.digits = !self.no_digits;
        rules.symbols = match &self.special {
            _ if self.no_special => String::new(),
            Some(symbols) => symbols.clone(),
            None => SYMBOLS.to_owned(),
        };
        rules.chars.clone_from(&self.chars);
        rules
    }
}

/// Where a value comes from.
#[derive(Clone, Args)]
#[group(multiple = false)]
pub(crate) struct Source {
    /// The value; every process on this machine can see it here
    #[arg(short, long, value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) value: Option<String>,
    /// File with the value, taken as it is
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: Option<Utf8PathBuf>,
    /// Variable with the value
    #[arg(short, long, visible_alias = "var", value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Read the value from standard input, as it is
    #[arg(short, long)]
    pub(crate) stdin: bool,
}

impl std::fmt::Debug for Source {
    /// Without the value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source(***)")
    }
}

/// Which variables secrets become.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Names {
    /// Names from whole keys (`path`), from titles (`leaf`), or as the Go kpv made them (`kpv`)
    #[arg(long = "names", value_name = "RULE", default_value = "path")]
    pub(crate) naming: Naming,
    /// A name for one key [repeatable]
    #[arg(long = "name", value_name = "KEY=NAME")]
    pub(crate) own: Vec<String>,
    /// Put this before every name that `--name` does not give
    #[arg(long, value_name = "TEXT")]
    pub(crate) prefix: Option<String>,
}

/// Which secrets are meant.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    pub(crate) keys: KeyOptions,
    /// All secrets in a group and the groups in it [repeatable]
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
}

/// Names of formats, for help texts.
pub(crate) const FORMATS: &str =
    "text, json, null, sh, bash, zsh, fish, pwsh, dotenv, plain, github-actions, azure-devops, run";

#[derive(Debug, Clone, Args)]
pub(crate) struct KeyArg {
    /// Key of the secret
    #[arg(value_name = "KEY")]
    positional: Option<String>,
    #[command(flatten)]
    option: KeyOption,
}

/// One key behind its flag.
#[derive(Debug, Clone, Args)]
pub(crate) struct KeyOption {
    /// Key of the secret
    #[arg(short, long = "key", visible_alias = "entry", value_name = "KEY")]
    pub(crate) key: Option<String>,
}

/// Keys behind their flag.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct KeyOptions {
    /// Key of a secret; several by comma [repeatable]
    #[arg(
        short,
        long = "key",
        visible_alias = "entry",
        value_name = "KEY",
        value_delimiter = ','
    )]
    pub(crate) keys: Vec<String>,
}

/// Keys as words, and behind their flag.
#[derive(Debug, Clone, Args)]
pub(crate) struct KeyWords {
    /// Keys of secrets
    #[arg(value_name = "KEY")]
    words: Vec<String>,
    #[command(flatten)]
    options: KeyOptions,
}

impl KeyWords {
    /// All of them, those behind the flag first.
    pub(crate) fn all(&self) -> Vec<String> {
        let keys = self.options.keys.iter().chain(&self.words);
        keys.cloned().collect()
    }
}

impl KeyArg {
    /// The one key that was named.
    pub(crate) fn one(&self) -> Result<&str, crate::Failure> {
        match (&self.option.key, &self.positional) {
            (Some(key), None) | (None, Some(key)) => Ok(key),
            (None, None) => Err(crate::Failure::usage("no key is named")),
            (Some(_), Some(_)) => Err(crate::Failure::usage(
                "two keys are named, where one is wanted",
            )),
        }
    }
}

pub(crate) fn format(name: &str) -> Result<Format, String> {
    name.parse()
        .map_err(|error: vault::UnknownFormat| error.to_string())
}
