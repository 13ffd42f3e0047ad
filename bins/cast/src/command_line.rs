//! What was typed, taken apart: our options, `@` words, the command or the tasks, their arguments.
//!
//! The original's rules, without its defects: before the first plain word every `-x` is an option
//! of ours; after the first task, the first word that begins with `-` starts the arguments of the
//! tasks. `-c`, `--context`, `--dry-run` and `--help` are ours up to a `--`.

/// Options that take the next word as their value.
const WITH_VALUE: &[&str] = &[
    "-p",
    "--project",
    "-c",
    "--context",
    "-E",
    "--dotenv",
    "-e",
    "--env",
    "-j",
    "--jobs",
    "--job",
    "--color",
    "--message-format",
];

/// The beginning of a command line, up to the first word that is neither an option nor an `@` word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leading {
    /// Our options with their values, as typed.
    pub(crate) options: Vec<String>,
    /// `@` words, in order.
    pub(crate) aliases: Vec<String>,
    /// Everything from the first plain word on.
    pub(crate) rest: Vec<String>,
}

impl Leading {
    /// Takes the words after the program's name apart.
    pub(crate) fn parse(words: &[String]) -> Self {
        let mut leading = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word.starts_with('@') && word.len() > 1 {
                leading.aliases.push(word.clone());
            } else if word.starts_with('-') && word.len() > 1 && word != "--" {
                leading.options.push(word.clone());
                if WITH_VALUE.contains(&word.as_str()) {
                    leading.options.extend(words.next().cloned());
                }
            } else {
                leading.rest.extend((word != "--").then(|| word.clone()));
                leading.rest.extend(words.cloned());
                break;
            }
        }
        leading
    }
}

/// Tasks to run with their arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Targets {
    /// The tasks.
    pub(crate) names: Vec<String>,
    /// `@` words among them.
    pub(crate) aliases: Vec<String>,
    /// Arguments for every task named.
    pub(crate) args: Vec<String>,
    /// A context among the arguments.
    pub(crate) context: Option<String>,
    /// `--dry-run` among the arguments.
    pub(crate) dry_run: bool,
    /// `--help` or `-h` as the first argument.
    pub(crate) help: bool,
    /// An option of ours at the very end, without the value it takes.
    pub(crate) without_value: Option<String>,
}

impl Targets {
    /// Takes the words from the first task on apart.
    pub(crate) fn parse(words: &[String]) -> Self {
        let mut targets = Self::default();
        let mut words = words.iter();
        let mut in_args = false;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--" => {
                    targets.args.extend(words.cloned());
                    break;
                }
                "-c" | "--context" => {
                    in_args = true;
                    match words.next() {
                        Some(context) => targets.context = Some(context.clone()),
                        None => targets.without_value = Some(word.clone()),
                    }
                }
                "--dry-run" => {
                    in_args = true;
                    targets.dry_run = true;
                }
                "-h" | "--help" if targets.args.is_empty() => {
                    in_args = true;
                    targets.help = true;
                }
                long if long.starts_with("--context=") => {
                    in_args = true;
                    targets.context = long.strip_prefix("--context=").map(str::to_owned);
                }
                _ if in_args || (word.starts_with('-') && word.len() > 1) => {
                    in_args = true;
                    targets.args.push(word.clone());
                }
                _ if word.starts_with('@') && word.len() > 1 => targets.aliases.push(word.clone()),
                _ => targets.names.push(word.clone()),
            }
        }
        targets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn options_before_the_first_word_are_ours() {
        let leading = Leading::parse(&words("-p dir @compose -c prod @setup up -x y"));
        assert_eq!(leading.options, words("-p dir -c prod"));
        assert_eq!(leading.aliases, words("@compose @setup"));
        assert_eq!(leading.rest, words("up -x y"));
    }

    #[test]
    fn the_first_dash_after_a_task_starts_its_arguments() {
        let targets = Targets::parse(&words("a b -x c @d"));
        assert_eq!(targets.names, words("a b"));
        assert_eq!(targets.args, words("-x c @d"));
        assert!(targets.aliases.is_empty());
    }

    #[test]
    fn two_dashes_end_what_is_ours() {
        let targets = Targets::parse(&words("up -c prod @svc -- -c x --dry-run run"));
        assert_eq!(targets.context.as_deref(), Some("prod"));
        assert_eq!(targets.args, words("@svc -c x --dry-run run"));
        assert!(!targets.dry_run);
    }

    #[test]
    fn an_empty_argument_is_an_argument() {
        let targets = Targets::parse(&["t".into(), "--".into(), String::new(), "run".into()]);
        assert_eq!(targets.args, ["", "run"]);
    }

    #[test]
    fn aliases_may_stand_behind_the_task() {
        let targets = Targets::parse(&words("up @svc"));
        assert_eq!(targets.aliases, words("@svc"));
        assert_eq!(targets.names, words("up"));
    }

    #[test]
    fn help_is_ours_only_as_the_first_argument() {
        assert!(Targets::parse(&words("up --help")).help);
        let passed = Targets::parse(&words("up -x --help"));
        assert!(!passed.help);
        assert_eq!(passed.args, words("-x --help"));
    }
}
