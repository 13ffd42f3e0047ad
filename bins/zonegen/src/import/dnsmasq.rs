//! The configuration of dnsmasq.

use std::net::IpAddr;

use dns_zone::{RecordData, RecordType, Ttl};
use yaml_tree::{Source, Span};

use super::{Imported, lines};

/// Reads the options that say what names are. Others say how dnsmasq works and are passed over.
pub(crate) fn read(source: &Source, imported: &mut Imported) {
    for (text, span) in lines(source) {
        let text = text.split(" #").next().unwrap_or_default().trim();
        let (option, value) = text.split_once('=').unwrap_or((text, ""));
        let option = option.trim().trim_start_matches("--");
        let fields: Vec<&str> = value.split(',').map(str::trim).collect();
        match option {
            "address" => address(value.trim(), &span, imported),
            "host-record" => host_record(&fields, &span, imported),
            "cname" => cname(&fields, &span, imported),
            "txt-record" => txt(value, &span, imported),
            "srv-host" => srv(&fields, &span, imported),
            "mx-host" => mx(&fields, &span, imported),
            "ptr-record" => ptr(&fields, &span, imported),
            "addn-hosts" | "hostsdir" | "conf-file" | "conf-dir" => {
                imported.warn(
                    "import::more-files",
                    span,
                    format!("`{value}` is not read: import it by itself"),
                );
            }
            "dhcp-host" | "interface-name" | "naptr-record" | "caa-record" | "dns-rr"
            | "synth-domain" | "auth-zone" => {
                imported.warn(
                    "import::not-taken",
                    span,
                    format!("`{option}` is not taken over"),
                );
            }
            _ => {}
        }
    }
}

/// `/name/name/address`: for the names and everything below them.
fn address(value: &str, span: &Span, imported: &mut Imported) {
    let Some(rest) = value.strip_prefix('/') else {
        imported.warn(
            "import::not-taken",
            span.clone(),
            "an address for all names is not taken over",
        );
        return;
    };
    let mut parts: Vec<&str> = rest.split('/').collect();
    let Some(last) = parts.pop() else { return };
    if last.is_empty() || last == "#" {
        imported.warn(
            "import::not-taken",
            span.clone(),
            "names without an address, which are blocked, are not taken over",
        );
        return;
    }
    let Ok(address) = last.parse::<IpAddr>() else {
        imported.warn(
            "import::bad-address",
            span.clone(),
            format!("`{last}` is no address; the line is left out"),
        );
        return;
    };
    if address.is_unspecified() {
        imported.warn(
            "import::not-taken",
            span.clone(),
            "names that are blocked are not taken over",
        );
        return;
    }
    for name in parts.into_iter().filter(|name| !name.is_empty()) {
        let plain = name.trim_start_matches("*.");
        imported.address(plain, address, None, span);
        imported.address(&format!("*.{plain}"), address, None, span);
    }
}

/// `name,name,address,address,ttl`
fn host_record(fields: &[&str], span: &Span, imported: &mut Imported) {
    let mut names = Vec::new();
    let mut addresses: Vec<IpAddr> = Vec::new();
    let mut ttl = None;
    for field in fields.iter().filter(|field| !field.is_empty()) {
        if let Ok(address) = field.parse() {
            addresses.push(address);
        } else if !addresses.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit()) {
            ttl = seconds(field);
        } else {
            names.push(*field);
        }
    }
    if names.is_empty() || addresses.is_empty() {
        imported.warn(
            "import::bad-value",
            span.clone(),
            "a name or an address is missing; the line is left out",
        );
    }
    for name in names {
        for address in &addresses {
            imported.address(name, *address, ttl, span);
        }
    }
}

fn seconds(text: &str) -> Option<Ttl> {
    Ttl::from_secs(text.parse().ok()?).ok()
}

/// `alias,alias,target,ttl`
fn cname(fields: &[&str], span: &Span, imported: &mut Imported) {
    let mut fields = fields.to_vec();
    let last = fields.last().copied().unwrap_or_default();
    let numeric =
        fields.len() > 2 && !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let ttl = if numeric {
        fields.pop().and_then(seconds)
    } else {
        None
    };
    let Some(target) = fields
        .pop()
        .filter(|target| !target.is_empty() && !fields.is_empty())
    else {
        imported.warn(
            "import::bad-value",
            span.clone(),
            "an alias or its target is missing; the line is left out",
        );
        return;
    };
    for alias in fields {
        imported.alias(alias, target, ttl, span);
    }
}

/// `name,text,text`, the texts in quotes where commas are in them.
fn txt(value: &str, span: &Span, imported: &mut Imported) {
    let (name, rest) = value.split_once(',').unwrap_or((value, ""));
    let mut texts: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut quoted = false;
    for c in rest.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => texts.push(std::mem::take(&mut text)),
            c => text.push(c),
        }
    }
    texts.push(text);
    let Some(owner) = imported.owner(name.trim(), span) else {
        return;
    };
    let quoted: Vec<String> = texts
        .iter()
        .map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
        .collect();
    data(&owner, RecordType::TXT, &quoted.join(" "), span, imported);
}

/// `name,target,port,priority,weight`
fn srv(fields: &[&str], span: &Span, imported: &mut Imported) {
    let field = |at: usize| fields.get(at).copied().filter(|field| !field.is_empty());
    let Some(owner) = imported.owner(field(0).unwrap_or_default(), span) else {
        return;
    };
    let target = match field(1).map(|target| imported.name(target)) {
        None => Ok(dns_zone::Name::root()),
        Some(target) => target,
    };
    let number = |at: usize, default: u16| field(at).map_or(Ok(default), str::parse::<u16>);
    match (target, number(2, 1), number(3, 0), number(4, 0)) {
        (Ok(target), Ok(port), Ok(priority), Ok(weight)) => imported.add(
            &owner,
            None,
            RecordData::srv(priority, weight, port, &target),
        ),
        _ => imported.warn(
            "import::bad-value",
            span.clone(),
            "the line makes no sense and is left out",
        ),
    }
}

/// `name,target,preference`
fn mx(fields: &[&str], span: &Span, imported: &mut Imported) {
    let field = |at: usize| fields.get(at).copied().filter(|field| !field.is_empty());
    let Some(name) = field(0) else { return };
    let Some(owner) = imported.owner(name, span) else {
        return;
    };
    let target = field(1).unwrap_or(name);
    let preference = field(2).map_or(Ok(1), str::parse::<u16>);
    match (imported.name(target), preference) {
        (Ok(target), Ok(preference)) => {
            imported.add(&owner, None, RecordData::mx(preference, &target));
        }
        _ => imported.warn(
            "import::bad-value",
            span.clone(),
            "the line makes no sense and is left out",
        ),
    }
}

/// `name,target`
fn ptr(fields: &[&str], span: &Span, imported: &mut Imported) {
    let [name, target] = fields else {
        imported.warn(
            "import::bad-value",
            span.clone(),
            "a name or its target is missing; the line is left out",
        );
        return;
    };
    let Some(owner) = imported.owner(name, span) else {
        return;
    };
    match imported.name(target) {
        Ok(target) => imported.add(&owner, None, RecordData::ptr(&target)),
        Err(error) => imported.warn(
            "import::bad-name",
            span.clone(),
            format!("`{target}` is left out: {error}"),
        ),
    }
}

fn data(
    owner: &dns_zone::Name,
    kind: RecordType,
    text: &str,
    span: &Span,
    imported: &mut Imported,
) {
    match RecordData::parse(kind, text, &imported.origin) {
        Ok(data) => imported.add(owner, None, data),
        Err(error) => imported.warn(
            "import::bad-value",
            span.clone(),
            format!("the line is left out: {error}"),
        ),
    }
}
