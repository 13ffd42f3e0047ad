//! Counting rows in a dump as it passes by, which is exact: a query beside the dump sees another
//! moment.

mod mysql;
mod postgresql;

use mysql::MySql;
use postgresql::PostgreSql;

use crate::manifest::Databases;
use crate::recipe::Counting;

pub(crate) use mysql::MYSQL_OWN;

/// Longer lines are not taken for statements.
const LONGEST: usize = 256 * 1024;

/// Counts in a stream that comes in pieces.
#[derive(Debug)]
pub(crate) enum Counter {
    Nothing,
    PostgreSql(PostgreSql),
    MySql(MySql),
}

impl Counter {
    pub(crate) fn new(counting: Counting) -> Self {
        match counting {
            Counting::Nothing => Self::Nothing,
            Counting::PostgreSql => Self::PostgreSql(PostgreSql::default()),
            Counting::MySql => Self::MySql(MySql::default()),
        }
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        match self {
            Self::Nothing => {}
            Self::PostgreSql(counter) => counter.feed(bytes),
            Self::MySql(counter) => counter.feed(bytes),
        }
    }

    /// What was counted; `None` if nothing was to be.
    pub(crate) fn finish(self) -> Option<Databases> {
        match self {
            Self::Nothing => None,
            Self::PostgreSql(counter) => Some(counter.found),
            Self::MySql(counter) => Some(counter.found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(counting: Counting, text: &str) -> String {
        // However it is cut, the numbers are the same.
        let mut results = Vec::new();
        for size in [1, 2, 3, 7, 64, 4096] {
            let mut counter = Counter::new(counting);
            for piece in text.as_bytes().chunks(size) {
                counter.feed(piece);
            }
            let found = counter.finish().unwrap();
            let lines: Vec<String> = found
                .iter()
                .flat_map(|(database, tables)| {
                    let head = tables.is_empty().then(|| format!("{database}: nothing"));
                    let rows = tables
                        .iter()
                        .map(move |(table, count)| format!("{database}: {table}: {}", count.rows));
                    head.into_iter().chain(rows)
                })
                .collect();
            results.push(lines.join("\n"));
        }
        results.dedup();
        assert_eq!(results.len(), 1, "{results:?}");
        results.remove(0)
    }

    #[test]
    fn rows_of_postgresql() {
        let text = r#"--
\connect template1

\connect shop
COPY public.orders (id, note) FROM stdin;
1	a
2	\\.
3	\N
\.

COPY public."Order ""Items"" (x)" (id) FROM stdin;
\.
\connect -reuse-previous=on "dbname='it\'s -e \\ ""q""'"
COPY s.t (id) FROM stdin;
\.x
.
\.
-- PostgreSQL database cluster dump complete

"#;
        insta::assert_snapshot!(count(Counting::PostgreSql, text), @r#"
        it's -e \ "q": s.t: 2
        shop: public.Order "Items" (x): 0
        shop: public.orders: 3
        template1: nothing
        "#);
    }

    #[test]
    fn rows_of_mysql() {
        let text = r"
USE `mysql`;
CREATE TABLE `user` (
INSERT INTO `user` VALUES (1);
USE `shop`;
CREATE TABLE `a``b` (
  `x` int
);
INSERT INTO `a``b` VALUES (1,'it\'s; (2)'),(2,'a''b'),(3,NULL);
INSERT INTO `a``b` VALUES
(4,'x\\'),
(5,_binary 'y');
CREATE TABLE `empty` (
INSERT INTO `cols` (`a`, `VALUES (`, `c`) VALUES (1,2,ST_GeomFromText('POINT(1 1)')),(3,4,5);
DELIMITER ;;
BEGIN
INSERT INTO `a``b` VALUES (9);
END ;;
DELIMITER ;
USE `none`;
-- Dump completed on 2026-01-01
";
        insta::assert_snapshot!(count(Counting::MySql, text), @"
        none: nothing
        shop: a`b: 5
        shop: cols: 2
        shop: empty: 0
        ");
    }
}
