//! Data of single records.

use super::{Checker, Part, pattern};
use crate::problem::Problem;
use crate::{Data, RecordType};

/// Tags of CAA that certificate authorities know.
const TAGS: [&str; 7] = [
    "issue",
    "issuewild",
    "iodef",
    "issuemail",
    "issuevmc",
    "contactemail",
    "contactphone",
];

/// NSD takes no longer ones.
const LONGEST_TAG: usize = 15;

impl Checker<'_> {
    pub(super) fn data(&mut self, at: u32) {
        let kind = self.kind(at);
        let wire = self.record(at).data.as_wire();
        match kind {
            RecordType::A | RecordType::AAAA => self.address(at),
            RecordType::CAA => self.issuer(at),
            RecordType::SSHFP => {
                self.value(at, 0, &[1, 2, 3, 4, 6], "algorithm of SSHFP");
                self.value(at, 1, &[1, 2], "fingerprint of SSHFP");
                let wanted = match wire.get(1) {
                    Some(1) => 20,
                    Some(2) => 32,
                    _ => return,
                };
                self.digest(at, 2, wire.len() - 2, wanted);
            }
            RecordType::TLSA | RecordType::SMIMEA => {
                self.value(at, 0, &[0, 1, 2, 3, 255], "certificate usage");
                self.value(at, 1, &[0, 1, 255], "selector of a certificate");
                self.value(at, 2, &[0, 1, 2, 255], "matching of a certificate");
                let wanted = match wire.get(2) {
                    Some(1) => 32,
                    Some(2) => 64,
                    _ => return,
                };
                self.digest(at, 3, wire.len() - 3, wanted);
            }
            RecordType::DS | RecordType::CDS => {
                if kind == RecordType::DS {
                    self.delegation(at);
                }
                let wanted = match wire.get(3) {
                    Some(1) => 20,
                    Some(2 | 3) => 32,
                    Some(4) => 48,
                    _ => return,
                };
                self.digest(at, 3, wire.len() - 4, wanted);
            }
            RecordType::ZONEMD => {
                let wanted = match wire.get(5) {
                    Some(1) => 48,
                    Some(2) => 64,
                    // RFC 8976 section 2.2.4
                    _ if wire.len() < 6 + 12 => 12,
                    _ => return,
                };
                self.digest(at, 3, wire.len() - 6, wanted);
            }
            RecordType::MD | RecordType::MF => {
                self.obsolete(at, "it is obsolete, BIND and Knot refuse it: write MX");
            }
            RecordType::DNSKEY | RecordType::CDNSKEY => self.zone_key(at),
            RecordType::NSEC3 | RecordType::NSEC3PARAM => self.hashed(at),
            RecordType::CERT => self.certificate(at),
            RecordType::NAPTR => self.rewriting(at),
            RecordType::SPF => {
                let range = self.range(at, Part::Owner);
                self.problems.push(
                    Problem::warning(
                        "dns::obsolete-type",
                        "SPF records are not looked at any more (RFC 7208)",
                    )
                    .maybe_at(range, "")
                    .help("write the policy as TXT"),
                );
            }
            RecordType::SVCB | RecordType::HTTPS => self.binding(at),
            _ => {}
        }
    }

    fn certificate(&mut self, at: u32) {
        let &[high, low, ..] = self.record(at).data.as_wire() else {
            return;
        };
        let kind = u16::from_be_bytes([high, low]);
        // RFC 4398 section 2.1, private ones included
        if !matches!(kind, 1..=8 | 253 | 254 | 65_280..=65_534) {
            let range = self.range(at, Part::Data(0));
            self.problems.push(
                Problem::error("dns::value", format!("{kind} is no kind of certificate"))
                    .maybe_at(range, "")
                    .help("there are 1 to 8, 253, 254, and 65280 to 65534 for private use; validns refuses others"),
            );
        }
    }

    fn obsolete(&mut self, at: u32, help: &str) {
        let (range, kind) = (self.range(at, Part::Owner), self.kind(at));
        self.problems.push(
            Problem::error("dns::obsolete-type", format!("a record of type {kind}"))
                .maybe_at(range, "")
                .help(help),
        );
    }

    /// A number that means something.
    fn value(&mut self, at: u32, octet: usize, known: &[u8], what: &str) {
        let Some(value) = self.record(at).data.as_wire().get(octet) else {
            return;
        };
        if !known.contains(value) {
            let range = self.range(at, Part::Data(octet));
            let known: Vec<_> = known.iter().map(ToString::to_string).collect();
            self.problems.push(
                Problem::error("dns::value", format!("{value} is no {what}"))
                    .maybe_at(range, "")
                    .help(format!(
                        "there are {}; validns refuses others",
                        known.join(", ")
                    )),
            );
        }
    }

    /// The substitution of NAPTR (RFC 3402 section 3.2).
    fn rewriting(&mut self, at: u32) {
        let Data::Naptr { flags, regexp, .. } = self.record(at).data.decode() else {
            return;
        };
        if !flags.iter().all(u8::is_ascii_alphanumeric) {
            let range = self.range(at, Part::Data(2));
            self.problems.push(
                Problem::error("dns::value", "the flags of NAPTR are letters and digits")
                    .maybe_at(range, "")
                    .help("validns refuses others (RFC 3403 section 4.1)"),
            );
        }
        if let Err(why) = substitution(&regexp) {
            let range = self.range(at, Part::Data(4));
            self.problems.push(
                Problem::error("dns::naptr-regexp", format!("the substitution {why}"))
                    .maybe_at(range, "")
                    .help("it is `!pattern!replacement!`, with any separator, and perhaps an `i` behind; BIND refuses others"),
            );
        }
    }

    fn digest(&mut self, at: u32, word: usize, found: usize, wanted: usize) {
        if found == wanted {
            return;
        }
        let range = self.range(at, Part::Data(word));
        let kind = self.kind(at);
        self.problems.push(
            Problem::error(
                "dns::digest-length",
                format!("the digest of this {kind} has {found} octets, its kind {wanted}"),
            )
            .maybe_at(range, "")
            .help("copy it anew: some of it is missing, or the number before it is wrong"),
        );
    }

    fn issuer(&mut self, at: u32) {
        let Data::Caa { flags, tag, .. } = self.record(at).data.decode() else {
            return;
        };
        if flags != 0 && flags != 128 {
            let range = self.range(at, Part::Data(0));
            self.problems.push(
                Problem::warning("dns::caa-flags", format!("{flags} are no flags of CAA"))
                    .maybe_at(range, "")
                    .help("0, or 128 for an authority that has to understand the tag"),
            );
        }
        let range = self.range(at, Part::Data(1));
        if tag.len() > LONGEST_TAG {
            self.problems.push(
                Problem::error(
                    "dns::caa-tag",
                    format!("the tag has {} letters, more than {LONGEST_TAG}", tag.len()),
                )
                .maybe_at(range, "")
                .help("NSD refuses it, and no authority knows such a tag"),
            );
        } else if tag.bytes().any(|b| b.is_ascii_uppercase()) {
            self.problems.push(
                Problem::error(
                    "dns::caa-tag",
                    format!("the tag `{tag}` has upper-case letters"),
                )
                .maybe_at(range, "")
                .help(format!(
                    "NSD refuses it: write `{}`",
                    tag.to_ascii_lowercase()
                )),
            );
        } else if !TAGS.contains(&tag.as_str()) {
            let near = yaml_tree::nearest(&tag, TAGS);
            let mut problem = Problem::warning(
                "dns::caa-tag",
                format!("no authority knows the tag `{tag}`"),
            )
            .maybe_at(range, "");
            if let Some(near) = near {
                problem = problem.help(format!("did you mean `{near}`?"));
            }
            self.problems.push(problem);
        }
    }

    fn binding(&mut self, at: u32) {
        let (Data::Svcb {
            priority,
            parameters,
            ..
        }
        | Data::Https {
            priority,
            parameters,
            ..
        }) = self.record(at).data.decode()
        else {
            return;
        };
        if priority == 0 && !parameters.is_empty() {
            let range = self.range(at, Part::Data(2));
            self.problems.push(
                Problem::warning(
                    "dns::alias-parameters",
                    "a binding of priority 0 is an alias: its parameters are ignored",
                )
                .maybe_at(range, "")
                .help("write a priority of 1 or more (RFC 9460 section 2.4.2)"),
            );
        }
    }
}

/// Whether a text is a substitution, or nothing.
fn substitution(text: &[u8]) -> Result<(), &'static str> {
    let Some((&separator, rest)) = text.split_first() else {
        return Ok(());
    };
    if separator.is_ascii_digit() || matches!(separator, b'\\' | b'i' | 0) {
        return Err("begins with what cannot separate its parts");
    }
    if rest.contains(&0) {
        return Err("has an octet of value 0");
    }
    let (pattern, rest) = part(separator, rest)?;
    let (replacement, flags) = part(separator, rest)?;
    if flags.iter().any(|flag| *flag != b'i') {
        return Err("has something behind its end");
    }
    let groups = pattern::groups(pattern)?;
    let mut rest = replacement.iter();
    while let Some(byte) = rest.next() {
        // The digit says which group stands here.
        if *byte == b'\\'
            && let Some(digit @ b'0'..=b'9') = rest.next()
            && !(1..=groups).contains(&(digit - b'0'))
        {
            return Err("names a group that its pattern does not have");
        }
    }
    Ok(())
}

/// What stands in front of the next separator that has no backslash, and what behind it.
fn part(separator: u8, text: &[u8]) -> Result<(&[u8], &[u8]), &'static str> {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if *byte == separator {
            return Ok((&text[..at], &text[at + 1..]));
        }
        at += 1 + usize::from(*byte == b'\\');
    }
    Err("does not have three separators")
}

#[cfg(test)]
mod tests {
    use super::substitution;

    #[test]
    fn substitutions() {
        for good in [
            "",
            "!^.*$!sip:info@example.com!",
            "!^(.*)$!\\1@x!i",
            "/a\\/b/c/",
            "!()|a!b!",
            "!a|b!c!",
            "![[:digit:]a-z]{2,5}!c!",
            "![]^-]+$!c!",
            "!a{x}]}!c!",
            "!(a)(b)\\1!\\2!",
            "!)!b!",
        ] {
            assert_eq!(substitution(good.as_bytes()), Ok(()), "{good}");
        }
        for bad in [
            "!a",
            "!a!b",
            "1a1b1",
            "!a!\\1!",
            "!a!b!x",
            "!a!b\\",
            "!a!\\0!",
            "!!b!",
            "!(!b!",
            "!*!b!",
            "!a**!b!",
            "!^+!b!",
            "!a||b!c!",
            "!(a|)!c!",
            "![!b!",
            "![z-a]!b!",
            "![[:foo:]]!b!",
            "!a{1!b!",
            "!a{2,1}!b!",
            "!a{256}!b!",
            "!\\1(a)!b!",
        ] {
            assert!(substitution(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
