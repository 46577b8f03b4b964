package import Tabular

extension JSON {
  /// The value with one key or element per line.
  package func indented(_ depth: Int = 0) -> String {
    let margin = String(repeating: "  ", count: depth + 1)
    let end = "\n" + String(repeating: "  ", count: depth)
    switch self {
    case .array(let values) where !values.isEmpty:
      let lines = values.map { margin + $0.indented(depth + 1) }
      return "[\n" + lines.joined(separator: ",\n") + end + "]"
    case .object(let pairs) where !pairs.isEmpty:
      let lines = pairs.map {
        margin + JSON.string($0.key).compact + ": " + $0.value.indented(depth + 1)
      }
      return "{\n" + lines.joined(separator: ",\n") + end + "}"
    default: return compact
    }
  }

  /// The value as a YAML document in block style. Texts are quoted as in JSON, of which YAML's
  /// double quotes are a superset, so that no word is read as a number or a truth value.
  package func yaml() -> String {
    switch self {
    case .object(let pairs) where !pairs.isEmpty: lines().joined(separator: "\n") + "\n"
    case .array(let values) where !values.isEmpty: lines().joined(separator: "\n") + "\n"
    default: compact + "\n"
    }
  }

  private func lines() -> [String] {
    switch self {
    case .object(let pairs) where !pairs.isEmpty:
      pairs.flatMap { key, value in
        value.isBlock
          ? [Self.key(key) + ":"] + value.lines().map { "  " + $0 }
          : [Self.key(key) + ": " + value.compact]
      }
    case .array(let values) where !values.isEmpty:
      values.flatMap { value in
        let lines = value.isBlock ? value.lines() : [value.compact]
        return lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
      }
    default: [compact]
    }
  }

  private var isBlock: Bool {
    switch self {
    case .object(let pairs): !pairs.isEmpty
    case .array(let values): !values.isEmpty
    default: false
    }
  }

  private static func key(_ name: String) -> String {
    let isPlain =
      name.utf8.allSatisfy {
        (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 95
      } && name.first?.isLetter == true
      && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(name.lowercased())
    return isPlain ? name : JSON.string(name).compact
  }
}
