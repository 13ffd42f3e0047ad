//! x
use common::Renderer; use yaml_tree::*;
#[test] fn t() {
  for n in [5_000usize, 100_000, 4_000_000] {
    let text = format!("a: 1\nkey: {}@here{}\n", "x".repeat(n), "y".repeat(n));
    let source = Source::new("t", text);
    let found = Diagnostic::error("x::long", "wrong").primary(source.span(10+n, 15+n), "this").fix("fix", source.span(10+n,15+n), "there");
    let t = std::time::Instant::now();
    let s = Renderer::new(false).render(&found);
    println!("{n} {:?} {}\n{}", t.elapsed(), s.len(), &s[..s.len().min(1200)]);
  }
}
