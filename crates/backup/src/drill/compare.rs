//! What was found beside what the manifest says.

use super::Check;
use crate::manifest::Databases;

/// One check for each database, and one for each table that is not as it should be.
pub(super) fn compare(expected: &Databases, found: &Databases) -> Vec<Check> {
    let mut checks = Vec::new();
    for (database, tables) in expected {
        // A dump of one database is of a database without a name.
        let there = found.get(database);
        let Some(there) = there else {
            if !tables.is_empty() || !database.is_empty() {
                checks.push(Check::failed(
                    format!("the database `{database}`"),
                    "there",
                    "missing",
                ));
            }
            continue;
        };
        let mut right = 0;
        let mut rows = 0;
        for (table, count) in tables {
            let what = || format!("`{table}` in `{database}`");
            // What has been counted inside an extension may be more than was dumped.
            match there.get(table) {
                None => checks.push(Check::failed(
                    what(),
                    format!("{} rows", count.rows),
                    "missing",
                )),
                Some(other)
                    if count.allows(other.rows)
                        || other.at_least == Some(0) && other.rows >= count.rows =>
                {
                    right += 1;
                    rows += other.rows;
                }
                Some(other) => checks.push(Check::failed(
                    what(),
                    format!("{} rows", count.rows),
                    format!("{} rows", other.rows),
                )),
            }
        }
        for (table, other) in there {
            let extension = other.at_least == Some(0);
            if !tables.contains_key(table) && !extension && other.rows > 0 {
                checks.push(Check::failed(
                    format!("`{table}` in `{database}`"),
                    "not there",
                    format!("{} rows", other.rows),
                ));
            }
        }
        if right == tables.len() {
            checks.push(Check::passed(format!(
                "`{database}`: {right} tables, {rows} rows"
            )));
        }
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::manifest::{Count, Databases};

    fn databases(list: &[(&str, &[(&str, Count)])]) -> Databases {
        list.iter()
            .map(|(name, tables)| {
                let tables = tables
                    .iter()
                    .map(|(table, count)| ((*table).to_owned(), *count));
                ((*name).to_owned(), tables.collect())
            })
            .collect()
    }

    #[test]
    fn every_difference_is_a_check() {
        let expected = databases(&[
            (
                "shop",
                &[
                    ("a", Count::exact(3)),
                    ("b", Count::exact(2)),
                    ("gone", Count::exact(0)),
                    ("ext", Count::exact(1)),
                ],
            ),
            ("keys", &[("db0", Count::between(5, 9))]),
            ("lost", &[]),
        ]);
        let found = databases(&[
            (
                "shop",
                &[
                    ("a", Count::exact(3)),
                    ("b", Count::exact(1)),
                    ("new", Count::exact(4)),
                    ("ext", Count::between(0, 80)),
                    ("empty", Count::exact(0)),
                ],
            ),
            ("keys", &[("db0", Count::exact(7))]),
            ("other", &[("x", Count::exact(1))]),
        ]);
        let lines: Vec<String> = compare(&expected, &found)
            .iter()
            .map(ToString::to_string)
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        ok      `keys`: 1 tables, 7 rows
        failed  the database `lost`: expected there, found missing
        failed  `b` in `shop`: expected 2 rows, found 1 rows
        failed  `gone` in `shop`: expected 0 rows, found missing
        failed  `new` in `shop`: expected not there, found 4 rows
        ");
    }
}
