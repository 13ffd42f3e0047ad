//! Secrets in the form that a shell or a build service reads.

mod azure;
mod dotenv;
mod fish;
mod github;
mod json;
mod pwsh;
mod sh;

use std::fmt;
use std::str::FromStr;

use crate::{EnvName, Random, Secret};

/// One secret to be written.
#[derive(Debug, Clone)]
pub struct Export {
    /// The key as it was asked for.
    pub key: String,
    /// The variable.
    pub name: EnvName,
    /// The value.
    pub value: Secret,
}

/// How secrets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Each value and a line end; no names.
    Text,
    /// Each value and a NUL; no names.
    Null,
    /// One object, from the keys as they were asked for, sorted.
    Json,
    /// `export NAME='value'`, for any POSIX shell.
    Sh,
    /// The same, with control characters as escapes, so that every variable has one line.
    Bash,
    /// As for bash.
    Zsh,
    /// `set -gx NAME 'value'`, to be piped into `source`.
    Fish,
    /// `$Env:NAME='value'`. PowerShell before 7.5 unsets a variable that gets an empty value.
    Pwsh,
    /// `NAME=value` as `.env` files have it, quoted where needed.
    Dotenv,
    /// `NAME=value` as it is, one a line; a value with several lines is an error.
    Plain,
    /// Lines for the file `$GITHUB_ENV`, and masks on standard output.
    GithubActions,
    /// Logging commands for standard output that set secret variables.
    AzureDevops,
    /// Lines for the file `$RUN_SECRETS`.
    Run,
}

/// All formats with all their names; the first is the one that is shown.
const NAMES: [(Format, &[&str]); 13] = [
    (Format::Text, &["text"]),
    (Format::Null, &["null", "null-terminated"]),
    (Format::Json, &["json"]),
    (Format::Sh, &["sh"]),
    (Format::Bash, &["bash"]),
    (Format::Zsh, &["zsh"]),
    (Format::Fish, &["fish"]),
    (Format::Pwsh, &["pwsh", "powershell"]),
    (Format::Dotenv, &["dotenv", "env", ".env"]),
    (Format::Plain, &["plain"]),
    (
        Format::GithubActions,
        &["github-actions", "github", "gh-actions"],
    ),
    (
        Format::AzureDevops,
        &["azure-devops", "ado", "azure-pipelines"],
    ),
    (Format::Run, &["run", "runfile"]),
];

/// A name of a format is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format `{name}`: there are {}", all_names())]
pub struct UnknownFormat {
    /// The name.
    pub name: String,
}

fn all_names() -> String {
    NAMES.map(|(_, names)| names[0]).join(", ")
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = NAMES.iter().find(|(_, names)| names.contains(&name));
        found
            .map(|(format, _)| *format)
            .ok_or_else(|| UnknownFormat {
                name: name.to_owned(),
            })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = NAMES.iter().find(|(format, _)| format == self);
        f.write_str(found.map_or("", |(_, names)| names[0]))
    }
}

/// Text ready to be written.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rendered {
    /// For standard output, and to be written there first.
    pub stdout: Secret,
    /// For the end of a file that a variable names.
    pub appended: Option<Appended>,
}

/// Text for the end of a file.
#[derive(Debug)]
#[non_exhaustive]
pub struct Appended {
    /// The variable that names the file.
    pub variable: &'static str,
    /// The text.
    pub text: Secret,
}

/// Why a value has no place in a format.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It has several lines where there is one.
    #[error(
        "the value of `{name}` has more than one line, which `plain` cannot say: use another format"
    )]
    Lines {
        /// The variable.
        name: EnvName,
    },
    /// It has a NUL, which ends values.
    #[error("the value of `{name}` has a NUL in it, which no environment can hold")]
    Nul {
        /// The variable.
        name: EnvName,
    },
    /// There is no randomness for a delimiter.
    #[error("the system has no random numbers: {0}")]
    Random(std::io::Error),
}

impl Format {
    /// Writes secrets in the order given ([`Json`](Self::Json) sorts them). Values that need no
    /// escaping come out as the Go kpv writes them, byte for byte.
    ///
    /// # Errors
    /// [`FormatError::Lines`], [`FormatError::Nul`], [`FormatError::Random`]; there is no half
    /// output.
    ///
    /// ```
    /// use vault::{Export, Format, Naming, OsRandom, Secret};
    /// let exports = [Export {
    ///     key: "db/password".to_owned(),
    ///     name: Naming::Leaf.name("db/password")?,
    ///     value: Secret::from("it's"),
    /// }];
    /// let rendered = Format::Sh.render(&exports, &mut OsRandom)?;
    /// assert_eq!(rendered.stdout.expose(), "export PASSWORD='it'\\''s'\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn render(
        self,
        exports: &[Export],
        random: &mut dyn Random,
    ) -> Result<Rendered, FormatError> {
        if let Some(export) = exports
            .iter()
            .find(|export| export.value.expose().contains('\0'))
        {
            return Err(FormatError::Nul {
                name: export.name.clone(),
            });
        }
        // large enough not to grow, since what is left behind then is not overwritten
        let length: usize = exports
            .iter()
            .map(|export| export.name.as_str().len() * 2 + export.value.expose().len() * 7 + 160)
            .sum();
        let mut out = String::with_capacity(length + 16);
        let mut masks = String::new();
        match self {
            Self::Json => json::object(&mut out, exports),
            Self::GithubActions | Self::Run => {
                if self == Self::GithubActions {
                    masks.reserve(length);
                }
                for export in exports {
                    if self == Self::GithubActions {
                        github::mask(&mut masks, &export.value);
                    }
                    github::assign(&mut out, export, random)?;
                }
                let variable = if self == Self::Run {
                    "RUN_SECRETS"
                } else {
                    "GITHUB_ENV"
                };
                return Ok(Rendered {
                    stdout: Secret::from(masks),
                    appended: Some(Appended {
                        variable,
                        text: Secret::from(out),
                    }),
                });
            }
            _ => {
                for export in exports {
                    self.line(&mut out, export)?;
                }
            }
        }
        Ok(Rendered {
            stdout: Secret::from(out),
            appended: None,
        })
    }

    fn line(self, out: &mut String, export: &Export) -> Result<(), FormatError> {
        let name = export.name.as_str();
        let value = export.value.expose();
        match self {
            Self::Null => out.extend([value, "\0"]),
            Self::Sh => {
                out.extend(["export ", name, "="]);
                sh::quote(out, value);
                out.push('\n');
            }
            Self::Bash | Self::Zsh => {
                out.extend(["export ", name, "="]);
                sh::quote_on_one_line(out, value);
                out.push('\n');
            }
            Self::Fish => {
                out.extend(["set -gx ", name, " "]);
                fish::quote(out, value);
                out.push('\n');
            }
            Self::Pwsh => {
                out.extend(["$Env:", name, "="]);
                pwsh::quote(out, value);
                out.push('\n');
            }
            Self::Dotenv => {
                out.extend([name, "="]);
                dotenv::quote(out, value);
                out.push('\n');
            }
            Self::Plain if value.contains(['\n', '\r']) => {
                return Err(FormatError::Lines {
                    name: export.name.clone(),
                });
            }
            Self::Plain => out.extend([name, "=", value, "\n"]),
            Self::AzureDevops => azure::set_variable(out, name, value),
            _ => out.extend([value, "\n"]),
        }
        Ok(())
    }
}
