//! Any text as a castfile: parsed, checked and planned; expressions and templates too.
#![no_main]

use castfile::expr::{Expr, Scope};
use castfile::template::{RenderOptions, Template};
use castfile::value::Value;
use castfile::{Loader, MemoryFiles, UserDirs};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let files = MemoryFiles::from([("/lab/castfile", text)]);
    let loader = Loader::new(&files, UserDirs::default());
    if let Ok(project) = loader.project("/lab/castfile".as_ref()) {
        for task in project.tasks() {
            let _plan = project.plan(&[task.id().as_str()], "default");
        }
    }
    let _value = Expr::parse(text).and_then(|expr| expr.eval(&Scope::new()));
    let options = RenderOptions::new(std::time::SystemTime::UNIX_EPOCH);
    let _text = Template::parse("t", text).and_then(|t| t.render(&Value::Null, &options));
});
