//! The reader of any document, over quick-xml.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zeroize::{Zeroize as _, Zeroizing};

use super::tree::{Text, Tree};
use crate::kdbx::{Fault, Stream};

const DAMAGED: Fault = Fault::Damaged("its XML document");

pub(super) fn read(xml: &str, stream: &mut Stream) -> Result<Tree, Fault> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let mut tree = Tree::for_document(xml.len());
    // of the innermost element so far; one that has elements in it has no text
    let mut text = Zeroizing::new(String::new());
    loop {
        match reader.read_event().map_err(|_| DAMAGED)? {
            Event::Start(start) => {
                let id = tree.open(start.name().as_ref())?;
                attributes(&mut tree, id, &start)?;
                text.zeroize();
            }
            Event::Empty(start) => {
                let id = tree.add(start.name().as_ref())?;
                attributes(&mut tree, id, &start)?;
            }
            Event::End(_) => {
                let apart = if text.is_empty() {
                    Text::EMPTY
                } else {
                    tree.apart(std::mem::take(&mut text))?
                };
                tree.close(apart, xml, stream)?;
            }
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) => text.push_str(&resolved(&reference)?),
            // no program writes one, and it could define entities
            Event::DocType(_) => return Err(DAMAGED),
            Event::Eof if tree.is_whole() => return Ok(tree),
            Event::Eof => return Err(DAMAGED),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

fn attributes(tree: &mut Tree, id: super::Id, start: &BytesStart<'_>) -> Result<(), Fault> {
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| DAMAGED)?;
        tree.attribute(id, attribute.key.as_ref(), attribute.value.as_ref());
    }
    Ok(())
}

/// What `&name;` or `&#number;` stands for.
pub(super) fn resolved(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, Fault> {
    if let Some(char) = reference.resolve_char_ref().map_err(|_| DAMAGED)? {
        return Ok(Cow::Owned(char.to_string()));
    }
    Ok(Cow::Borrowed(match reference.as_ref() {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(DAMAGED),
    }))
}
