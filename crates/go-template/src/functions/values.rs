//! Functions over values of any type: defaults, types, paths.

use go_std::path;

use super::{Function, takes, takes_more};
use crate::Data;
use crate::options::Param::{Any, Bool, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    takes_more(&["default"], &[Any], Any, |_, a| {
        let given = a.get(1).filter(|given| given.truth());
        Ok(given.unwrap_or(&a[0]).clone())
    }),
    takes(&["empty"], &[Any], |_, a| Ok(Data::Bool(!a[0].truth()))),
    takes_more(&["coalesce"], &[], Any, |_, a| {
        let given = a.iter().find(|value| value.truth());
        Ok(given.cloned().unwrap_or(Data::Nil))
    }),
    takes_more(&["all"], &[], Any, |_, a| {
        Ok(Data::Bool(a.iter().all(Data::truth)))
    }),
    takes_more(&["any"], &[], Any, |_, a| {
        Ok(Data::Bool(a.iter().any(Data::truth)))
    }),
    takes(&["ternary"], &[Any, Any, Bool], |_, a| {
        Ok(a[usize::from(!a[2].truth())].clone())
    }),
    takes(&["typeOf"], &[Any], |_, a| Ok(Data::from(a[0].type_name()))),
    takes(&["typeIs"], &[Text, Any], |_, a| {
        Ok(Data::Bool(a[0].as_text() == a[1].type_name()))
    }),
    takes(&["typeIsLike"], &[Text, Any], |_, a| {
        let name = a[1].type_name();
        let pointed = name.strip_prefix('*').unwrap_or(name);
        Ok(Data::Bool([name, pointed].contains(&a[0].as_text())))
    }),
    takes(&["kindOf"], &[Any], |_, a| Ok(Data::from(a[0].kind()))),
    takes(&["kindIs"], &[Text, Any], |_, a| {
        Ok(Data::Bool(a[0].as_text() == a[1].kind()))
    }),
    takes(&["deepEqual"], &[Any, Any], |_, a| {
        Ok(Data::Bool(a[0] == a[1]))
    }),
    takes(&["base", "osBase"], &[Text], |_, a| {
        Ok(Data::from(path::base(a[0].as_text())))
    }),
    takes(&["dir", "osDir"], &[Text], |_, a| {
        Ok(Data::Text(path::dir(a[0].as_text())))
    }),
    takes(&["clean", "osClean"], &[Text], |_, a| {
        Ok(Data::Text(path::clean(a[0].as_text())))
    }),
    takes(&["ext", "osExt"], &[Text], |_, a| {
        Ok(Data::from(path::ext(a[0].as_text())))
    }),
    takes(&["isAbs", "osIsAbs"], &[Text], |_, a| {
        Ok(Data::Bool(a[0].as_text().starts_with('/')))
    }),
];
