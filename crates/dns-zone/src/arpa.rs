//! Addresses of names below in-addr.arpa and ip6.arpa.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::Name;

impl Name {
    /// The address that a name below in-addr.arpa or ip6.arpa belongs to; `None` for any other, and
    /// for the name of a network.
    pub fn to_address(&self) -> Option<IpAddr> {
        let labels: Vec<&[u8]> = self.labels().collect();
        let (rest, family) = labels.split_at_checked(labels.len().checked_sub(2)?)?;
        if !family[1].eq_ignore_ascii_case(b"arpa") {
            return None;
        }
        if family[0].eq_ignore_ascii_case(b"in-addr") && rest.len() == 4 {
            let mut octets = [0; 4];
            for (octet, label) in octets.iter_mut().zip(rest.iter().rev()) {
                let text = std::str::from_utf8(label).ok()?;
                *octet = text
                    .parse()
                    .ok()
                    .filter(|octet: &u8| octet.to_string() == text)?;
            }
            return Some(Ipv4Addr::from(octets).into());
        }
        if family[0].eq_ignore_ascii_case(b"ip6") && rest.len() == 32 {
            let mut bits = 0_u128;
            for label in rest.iter().rev() {
                let [digit] = label else { return None };
                bits = bits << 4 | u128::from(char::from(*digit).to_digit(16)?);
            }
            return Some(Ipv6Addr::from(bits).into());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hosts_and_no_others() {
        let address = |name: &str| name.parse::<Name>().unwrap().to_address();
        assert_eq!(
            address("7.2.0.192.In-Addr.arpa"),
            Some([192, 0, 2, 7].into())
        );
        let name = format!("1.{}8.b.d.0.1.0.0.2.ip6.arpa", "0.".repeat(23));
        assert_eq!(address(&name), "2001:db8::1".parse().ok());
        for name in [
            "1.2.3.in-addr.arpa",
            "256.1.1.1.in-addr.arpa",
            "01.1.1.1.in-addr.arpa",
            "1.0/26.2.0.192.in-addr.arpa",
            "x.ip6.arpa",
            "arpa",
            ".",
        ] {
            assert_eq!(address(name), None, "{name}");
        }
    }
}
