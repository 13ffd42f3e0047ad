//! The program in `examples/`, run on files in memory.

use compose_model::MemoryFiles;

use crate::support::options;

#[path = "../../examples/inventory.rs"]
#[expect(dead_code, reason = "`main` is for the example alone")]
mod inventory;

#[test]
fn inventory_says_what_is_where() {
    let files = MemoryFiles::from([
        (
            "/lab/compose.yaml",
            "\
services:
  web:
    image: nginx:${TAG:-1.27}
    scale: 2
    ports: ['127.0.0.1::80']
    volumes: ['./conf:/etc/nginx:ro']
  db:
    extends: {file: db.yaml, service: base}
    container_name: the-db
volumes: {data: }
",
        ),
        (
            "/lab/db.yaml",
            "services: {base: {image: postgres, ports: ['5432:5432'], volumes: ['data:/data']}}\n",
        ),
    ]);
    let text = inventory::inventory(&files, &options()).unwrap();
    insta::assert_snapshot!(text, @r"
    db (the-db)
      runs postgres, not pinned: db.yaml:1:26
      publishes 5432:5432/tcp to everybody: db.yaml:1:44
      keeps lab_data: db.yaml:1:68
      is on lab_default: by default
    web (lab-web-1, lab-web-2)
      runs nginx:1.27, not pinned: compose.yaml:3:12, written as nginx:${TAG:-1.27}
      publishes 127.0.0.1::80/tcp to this host: compose.yaml:5:13
      keeps /lab/conf: compose.yaml:6:15
      is on lab_default: by default
    ");
}
