//! What the dump before had and this one has not.

use super::Context;
use crate::Error;
use crate::discovery::Kind;
use crate::manifest::{Count, Databases, Manifest};

type Tables = std::collections::BTreeMap<String, Count>;

/// Compares a dump with the one before it. What is odd is a warning.
///
/// # Errors
/// [`Error::Shrunk`] and [`Error::Emptied`]: a dump that is complete, but of what is no longer there.
/// It is not to take the place of one that has it.
pub(super) fn compare(
    what: &str,
    before: &Manifest,
    bytes: u64,
    databases: Option<&Databases>,
    context: &Context,
) -> Result<Vec<String>, Error> {
    let mut warnings = Vec::new();
    let size = before.raw.bytes;
    let below = |percent: u64| u128::from(bytes) * 100 < u128::from(size) * u128::from(percent);
    if below(context.fail_below) {
        return Err(Error::Shrunk {
            what: what.to_owned(),
            bytes,
            before: size,
            percent: context.fail_below,
        });
    }
    if below(context.warn_below) {
        warnings.push(format!(
            "the dump has {bytes} bytes, the one before had {size}: less than {} %",
            context.warn_below
        ));
    }
    let Some(now) = databases else {
        return Ok(warnings);
    };
    // An empty cluster has some thousand bytes of its own, so the size alone does not tell when small
    // tables go.
    let had: Vec<(&String, &Tables)> = before
        .databases
        .iter()
        .filter(|(_, tables)| certain(tables) > 0)
        .collect();
    // Of what is in Redis everything may have been taken out.
    if !had.is_empty()
        && now.values().all(Tables::is_empty)
        && context.fail_below > 0
        && before.kind != Some(Kind::Redis)
    {
        return Err(Error::Emptied {
            what: what.to_owned(),
            tables: had.iter().map(|(_, tables)| tables.len()).sum(),
            rows: had.iter().map(|(_, tables)| certain(tables)).sum(),
        });
    }
    for (name, tables) in had {
        let has = match now.get(name) {
            None => "it is not there",
            Some(tables) if tables.is_empty() => "it has no table",
            Some(tables) if tables.values().all(|count| count.rows == 0) => "it has no row",
            Some(_) => continue,
        };
        let rows = certain(tables);
        warnings.push(format!(
            "the dump before had `{name}` with {rows} rows; now {has}"
        ));
    }
    Ok(warnings)
}

/// The rows that were there for certain: others may have expired.
fn certain(tables: &Tables) -> u64 {
    let least = tables
        .values()
        .map(|count| count.at_least.unwrap_or(count.rows));
    least.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn databases(list: &[(&str, &[(&str, Count)])]) -> Databases {
        let tables = |tables: &[(&str, Count)]| {
            let tables = tables.iter();
            tables
                .map(|(table, count)| ((*table).to_owned(), *count))
                .collect()
        };
        list.iter()
            .map(|(name, list)| ((*name).to_owned(), tables(list)))
            .collect()
    }

    fn told(kind: Kind, before: &Databases, now: Option<&Databases>, accept: bool) -> String {
        let mut context = Context::new("run");
        if accept {
            context.fail_below = 0;
        }
        let before: Manifest = serde_json::from_value(serde_json::json!({
            "version": 1, "run": "", "service": "db", "kind": kind, "part": "all", "started": "", "ended": "",
            "raw": {"bytes": 1000, "sha256": ""}, "compressed": {"bytes": 0, "sha256": ""}, "databases": before,
        }))
        .unwrap();
        match compare("db", &before, 1000, now, &context) {
            Ok(warnings) => warnings.join("\n"),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn what_has_gone_is_told_and_everything_gone_is_an_error() {
        let shop = (
            "shop",
            &[("a", Count::exact(2)), ("b", Count::exact(1))][..],
        );
        let wiki = ("wiki", &[("p", Count::exact(9))][..]);
        let before = databases(&[shop, wiki, ("postgres", &[])]);
        let told = |now: &[(&str, &[(&str, Count)])], accept| {
            told(Kind::PostgreSql, &before, Some(&databases(now)), accept)
        };
        assert_eq!(told(&[shop, wiki], false), "");
        insta::assert_snapshot!(told(&[("shop", &[("a", Count::exact(0))]), ("x", &[])], false), @r"
        the dump before had `shop` with 3 rows; now it has no row
        the dump before had `wiki` with 9 rows; now it is not there
        ");
        assert_eq!(
            told(&[("shop", &[]), wiki], false),
            "the dump before had `shop` with 3 rows; now it has no table"
        );
        assert_eq!(
            told(&[("shop", &[]), ("wiki", &[])], false),
            "error: the dump of db has no table, the one before had 3 with 12 rows"
        );
        insta::assert_snapshot!(told(&[("shop", &[])], true), @r"
        the dump before had `shop` with 3 rows; now it has no table
        the dump before had `wiki` with 9 rows; now it is not there
        ");
    }

    #[test]
    fn what_was_not_counted_or_expires_is_no_loss() {
        let keys = |least| databases(&[("keys", &[("db0", Count::between(least, 5))])]);
        let none = databases(&[("keys", &[])]);
        assert_eq!(told(Kind::Redis, &keys(0), Some(&none), false), "");
        assert_eq!(told(Kind::Redis, &keys(1), None, false), "");
        assert_eq!(
            told(Kind::Redis, &keys(1), Some(&none), false),
            "the dump before had `keys` with 1 rows; now it has no table"
        );
        let fresh = databases(&[("postgres", &[])]);
        assert_eq!(told(Kind::PostgreSql, &fresh, Some(&fresh), false), "");
    }
}
