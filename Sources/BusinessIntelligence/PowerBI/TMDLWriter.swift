/// Text of the Tabular Model Definition Language: tabs, one object or property per line, and names
/// in single quotes where they need them.
struct TMDLWriter {
  private(set) var text = ""

  /// Adds a line.
  mutating func line(_ depth: Int, _ words: String) {
    text += String(repeating: "\t", count: depth) + words + "\n"
  }

  /// Adds an empty line.
  mutating func gap() { text += "\n" }

  /// Adds the description of the object that follows.
  mutating func description(_ depth: Int, _ words: String) {
    for part in words.split(whereSeparator: \.isNewline) { line(depth, "/// \(part)") }
  }

  /// A name; in quotes unless it consists of letters, digits and `_`.
  static func name(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy {
      (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 95
    }
    return isPlain && !name.isEmpty ? name : "'" + name.replacing("'", with: "''") + "'"
  }
}
