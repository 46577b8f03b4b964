/// What a table consists of: its columns in order, keys, constraints and comment, each in one
/// spelling whether a file or the server wrote it.
///
/// The server rewrites definitions: it adds parentheses, display widths and defaults, and
/// makes keys for foreign keys. None of that is part of a shape, so that the shape of a file and
/// that of the table made from it are the same, on every version of the server.
struct TableShape: Equatable, Sendable {
  /// A column, key, constraint, or the comment.
  struct Part: Equatable, Sendable {
    /// Such as `column note`, `key idx_a`, `constraint ck_a`, `primary key`, `comment`.
    let name: String
    /// Its definition in words.
    let text: String
  }

  /// The columns in their order, then the rest by name.
  let parts: [Part]

  /// Reads a CREATE TABLE statement; nil for another statement.
  init?(_ statement: String) {
    let tokens = ShapeTokens.read(statement)
    guard let begin = tokens.firstIndex(of: "("), tokens.first == "create" else { return nil }
    var items: [[String]] = [[]]
    var depth = 0
    var end = tokens.count
    for index in begin..<tokens.count {
      let token = tokens[index]
      if token == "(" {
        depth += 1
        if depth == 1 { continue }
      } else if token == ")" {
        depth -= 1
        if depth == 0 {
          end = index + 1
          break
        }
      } else if token == ",", depth == 1 {
        items.append([])
        continue
      }
      items[items.count - 1].append(token)
    }
    let all = items.compactMap(Self.part)
    let rest = all.filter { !$0.name.hasPrefix("column ") && !$0.name.hasPrefix("key fk_") }
    parts =
      all.filter { $0.name.hasPrefix("column ") } + rest.sorted { $0.name < $1.name }
      + [Part(name: "comment", text: Self.comment(in: tokens[end...]))]
  }

  private static func part(_ tokens: [String]) -> Part? {
    guard let first = tokens.first else { return nil }
    func named(_ kind: String, _ position: Int) -> String {
      tokens.indices.contains(position) ? "\(kind) \(tokens[position])" : kind
    }
    let name =
      switch first {
      case "primary": "primary key"
      case "unique", "fulltext", "spatial": named("key", 2)
      case "key", "index": named("key", 1)
      case "constraint": named("constraint", 1)
      default: named("column", 0)
      }
    return Part(name: name, text: ShapeTokens.normalized(tokens).joined(separator: " "))
  }

  private static func comment(in options: ArraySlice<String>) -> String {
    guard let place = options.firstIndex(of: "comment") else { return "" }
    return options[place...].first { $0.hasPrefix("'") } ?? ""
  }

  /// How another table differs from this one, as phrases.
  ///
  /// - Parameter found: the other table
  /// - Returns: one phrase for each difference, naming the column, key or constraint
  func differences(from found: TableShape) -> [String] {
    let wanted = Dictionary(parts.map { ($0.name, $0.text) }) { first, _ in first }
    let there = Dictionary(found.parts.map { ($0.name, $0.text) }) { first, _ in first }
    var phrases = parts.compactMap { part -> String? in
      guard let text = there[part.name] else { return "\(part.name) is missing" }
      return text == part.text ? nil : "\(part.name) differs"
    }
    phrases += found.parts.filter { wanted[$0.name] == nil }.map { "\($0.name) is extra" }
    if phrases.isEmpty, self != found { phrases = ["the columns are in another order"] }
    return phrases
  }
}
