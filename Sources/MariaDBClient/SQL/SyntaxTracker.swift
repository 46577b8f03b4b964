/// Tracks how a session reads statements, as they set its `sql_mode`.
package struct SyntaxTracker: Sendable {
  /// The syntax of the next statement.
  package private(set) var syntax = SQLSyntax()
  /// The values of session variables.
  private var kept: [String: SQLSyntax] = [:]

  /// Starts with the default mode.
  package init() {}

  private static let names: Set<String> = ["@@sql_mode", "@@session.sql_mode", "@@local.sql_mode"]

  /// Applies the settings of a statement.
  ///
  /// - Parameter tokens: a statement; all but SET change nothing.
  package mutating func follow(_ tokens: [SQLToken]) {
    guard tokens.first?.keyword == "SET" else { return }
    var depth = 0
    var item: [SQLToken] = []
    for token in tokens.dropFirst() {
      switch token {
      case .mark("("): depth += 1
      case .mark(")"): depth -= 1
      case .mark(",") where depth == 0:
        assign(item)
        item = []
        continue
      default: break
      }
      item.append(token)
    }
    assign(item)
  }

  /// Applies one assignment, such as `SESSION sql_mode = 'ANSI_QUOTES'` or `@old := @@sql_mode`.
  private mutating func assign(_ item: [SQLToken]) {
    var item = item[...]
    if let scope = item.first?.keyword, scope == "SESSION" || scope == "LOCAL" {
      item.removeFirst()
    }
    guard let target = item.popFirst() else { return }
    if item.first == .mark(":") { item.removeFirst() }
    guard item.popFirst() == .mark("="), let value = item.popFirst(), item.isEmpty else { return }
    if case .variable(let name) = target {
      kept[name.lowercased()] = Self.isMode(value) ? syntax : nil
    } else if Self.isMode(target) {
      switch value {
      case .text(let modes), .word(let modes): syntax.set(sqlMode: modes)
      case .number(let bits): syntax.set(sqlModeBits: UInt64(bits) ?? 0)
      case .variable(let name): syntax = kept[name.lowercased()] ?? SQLSyntax()
      default: break
      }
    }
  }

  private static func isMode(_ token: SQLToken) -> Bool {
    switch token {
    case .word(let name): name.lowercased() == "sql_mode"
    case .setting(let name): names.contains(name)
    default: false
    }
  }
}
