//! Functions over values of any type: defaults, types, paths.

use super::super::data::Data;
use super::Param::{Any, Bool, Text};
use super::{Function, takes, takes_more};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "default" => takes_more(&[Any], Any, |a| {
            let given = a.get(1).filter(|given| given.truth());
            Ok(given.unwrap_or(&a[0]).clone())
        }),
        "empty" => takes(&[Any], |a| Ok(Data::Bool(!a[0].truth()))),
        "coalesce" => takes_more(&[], Any, |a| {
            let given = a.iter().find(|value| value.truth());
            Ok(given.cloned().unwrap_or(Data::Nil))
        }),
        "all" => takes_more(&[], Any, |a| Ok(Data::Bool(a.iter().all(Data::truth)))),
        "any" => takes_more(&[], Any, |a| Ok(Data::Bool(a.iter().any(Data::truth)))),
        "ternary" => takes(&[Any, Any, Bool], |a| {
            Ok(a[usize::from(!a[2].truth())].clone())
        }),
        "typeOf" => takes(&[Any], |a| Ok(Data::from(a[0].type_name()))),
        "typeIs" => takes(&[Text, Any], |a| {
            Ok(Data::Bool(a[0].as_text() == a[1].type_name()))
        }),
        "typeIsLike" => takes(&[Text, Any], |a| {
            let name = a[1].type_name();
            let pointed = name.strip_prefix('*').unwrap_or(name);
            Ok(Data::Bool([name, pointed].contains(&a[0].as_text())))
        }),
        "kindOf" => takes(&[Any], |a| Ok(Data::from(a[0].kind()))),
        "kindIs" => takes(&[Text, Any], |a| {
            Ok(Data::Bool(a[0].as_text() == a[1].kind()))
        }),
        "deepEqual" => takes(&[Any, Any], |a| Ok(Data::Bool(a[0] == a[1]))),
        "base" | "osBase" => takes(&[Text], |a| Ok(Data::from(base(a[0].as_text())))),
        "dir" | "osDir" => takes(&[Text], |a| {
            let path = a[0].as_text();
            let end = path.rfind('/').map_or(0, |at| at + 1);
            Ok(Data::Text(clean(&path[..end])))
        }),
        "clean" | "osClean" => takes(&[Text], |a| Ok(Data::Text(clean(a[0].as_text())))),
        "ext" | "osExt" => takes(&[Text], |a| {
            let path = a[0].as_text();
            let name = path.rsplit('/').next().unwrap_or(path);
            Ok(Data::from(name.rfind('.').map_or("", |at| &name[at..])))
        }),
        "isAbs" | "osIsAbs" => takes(&[Text], |a| Ok(Data::Bool(a[0].as_text().starts_with('/')))),
        _ => None,
    }
}

fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return "/";
    }
    path.rsplit('/').next().unwrap_or(path)
}

/// The shortest path that means the same.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            part => kept.push(part),
        }
    }
    match (rooted, kept.is_empty()) {
        (true, _) => format!("/{}", kept.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => kept.join("/"),
    }
}
