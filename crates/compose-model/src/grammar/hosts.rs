//! `extra_hosts`.

use indexmap::IndexMap;
use thiserror::Error;

/// The names that `extra_hosts` adds, each with its addresses.
///
/// ```
/// use compose_model::ExtraHosts;
///
/// let hosts = ExtraHosts::from_list(["nas=192.168.1.2", "db:[fd00::2]"])?;
/// assert_eq!(hosts.to_list(), ["db=fd00::2", "nas=192.168.1.2"]);
/// # Ok::<(), compose_model::ExtraHostsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtraHosts(IndexMap<String, Vec<String>>);

/// An entry of `extra_hosts` that makes no sense. `Display` is the wording of Docker Compose.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExtraHostsError {
    /// Neither `=` nor `:` in it.
    #[error("invalid additional host, missing IP: {0}")]
    NoAddress(String),
    /// An empty name, or one with `:` or `=` in it.
    #[error("bad host name '{0}'")]
    Name(String),
}

impl ExtraHosts {
    /// From the list form: `NAME=ADDRESS[,ADDRESS…]`, or with `:` if there is no `=` in it. The
    /// same name twice has the addresses of both.
    ///
    /// # Errors
    /// The first entry that is nothing of the kind. Addresses are not checked.
    pub fn from_list<'t>(
        entries: impl IntoIterator<Item = &'t str>,
    ) -> Result<Self, ExtraHostsError> {
        let mut hosts: IndexMap<String, Vec<String>> = IndexMap::new();
        for entry in entries {
            let (name, addresses) = entry
                .split_once('=')
                .or_else(|| entry.split_once(':'))
                .ok_or_else(|| ExtraHostsError::NoAddress(entry.to_owned()))?;
            let addresses = addresses.split(',').map(str::to_owned);
            hosts.entry(name.to_owned()).or_default().extend(addresses);
        }
        Self(hosts).cleaned()
    }

    /// From the mapping form, where an address is taken as it is.
    ///
    /// # Errors
    /// If a name is empty or has `:` or `=` in it.
    pub fn from_entries(
        entries: impl IntoIterator<Item = (String, Vec<String>)>,
    ) -> Result<Self, ExtraHostsError> {
        Self(entries.into_iter().collect()).cleaned()
    }

    fn cleaned(mut self) -> Result<Self, ExtraHostsError> {
        for (name, addresses) in &mut self.0 {
            if name.is_empty() || name.contains([':', '=']) {
                return Err(ExtraHostsError::Name(name.clone()));
            }
            for address in addresses {
                let bare = address
                    .strip_prefix('[')
                    .and_then(|rest| rest.strip_suffix(']'));
                if let Some(bare) = bare.filter(|bare| !bare.is_empty()) {
                    *address = bare.to_owned();
                }
            }
        }
        Ok(self)
    }

    /// The names and their addresses, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(name, addresses)| (&**name, &**addresses))
    }

    /// `NAME=ADDRESS` for every address, sorted, as Docker Compose prints them.
    pub fn to_list(&self) -> Vec<String> {
        let entry = |(name, address): (&str, &String)| format!("{name}={address}");
        let pairs = self.iter().flat_map(|(name, addresses)| {
            addresses.iter().map(move |address| entry((name, address)))
        });
        let mut list: Vec<_> = pairs.collect();
        list.sort();
        list
    }
}

#[cfg(test)]
mod tests {
    use super::ExtraHosts;

    #[test]
    fn the_list_form() {
        for (entries, expected) in [
            (vec!["a=1.1.1.1"], vec!["a=1.1.1.1"]),
            (vec!["a:1.1.1.1"], vec!["a=1.1.1.1"]),
            (vec!["a:::1"], vec!["a=::1"]),
            (vec!["a:[::1]"], vec!["a=::1"]),
            (vec!["a=[::1],[::2]"], vec!["a=::1", "a=::2"]),
            (vec!["a="], vec!["a="]),
            (vec!["a=[]"], vec!["a=[]"]),
            (vec!["a=[]]"], vec!["a=]"]),
            (vec!["a=1, 2"], vec!["a= 2", "a=1"]),
            (vec!["a=b=c:d"], vec!["a=b=c:d"]),
            (vec!["a=1", "a:1"], vec!["a=1", "a=1"]),
            (vec!["b=1", "a=2", "A=3"], vec!["A=3", "a=2", "b=1"]),
            (vec!["a=2", "a=10"], vec!["a=10", "a=2"]),
        ] {
            let hosts = ExtraHosts::from_list(entries.iter().copied()).unwrap();
            assert_eq!(hosts.to_list(), expected, "{entries:?}");
        }
    }

    #[test]
    fn errors() {
        for (entry, expected) in [
            ("a", "invalid additional host, missing IP: a"),
            ("=1", "bad host name ''"),
            (":1", "bad host name ''"),
            ("a:b=c", "bad host name 'a:b'"),
        ] {
            let error = ExtraHosts::from_list([entry]).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn the_mapping_form_does_not_split_addresses() {
        let entries = [("a", vec!["1,2", "[::1]"]), ("b", vec![])];
        let entries = entries.map(|(name, addresses)| {
            let addresses = addresses.into_iter().map(str::to_owned).collect();
            (name.to_owned(), addresses)
        });
        let hosts = ExtraHosts::from_entries(entries).unwrap();
        assert_eq!(hosts.to_list(), ["a=1,2", "a=::1"]);
        let error = ExtraHosts::from_entries([("a=b".to_owned(), vec![])]).unwrap_err();
        assert_eq!(error.to_string(), "bad host name 'a=b'");
    }
}
