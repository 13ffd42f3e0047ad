//! Azure Pipelines.

/// A logging command that sets a variable and has its value masked in logs.
pub(super) fn set_variable(out: &mut String, name: &str, value: &str) {
    out.extend(["##vso[task.setvariable variable=", name, ";issecret=true]"]);
    for char in value.chars() {
        match char {
            '%' => out.push_str("%AZP25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ';' => out.push_str("%3B"),
            ']' => out.push_str("%5D"),
            _ => out.push(char),
        }
    }
    out.push('\n');
}
