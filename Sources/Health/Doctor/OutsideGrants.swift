import MariaDBClient

/// Finds privileges outside of a schema, and privileges that an account may grant to others.
package enum OutsideGrants {
  /// The privileges outside of a schema.
  ///
  /// - Parameters:
  ///   - statements: `GRANT …` as the server shows them
  ///   - schema: the schema
  /// - Returns: each as `PRIVILEGES ON OBJECT`; privileges on the server first
  package static func found(in statements: [String], schema: String) -> [String] {
    statements.compactMap { statement in
      guard let match = statement.firstMatch(of: #/^GRANT (.+?) ON (.+?) TO /#) else {
        // A role applies only once it is activated, which a definer never does.
        return nil
      }
      let privileges = String(match.1)
      if privileges == "USAGE" { return nil }
      if privileges == "PROXY" { return "PROXY" }
      let object = String(match.2)
      // What has_open_transaction() reads on MySQL: states of transactions, no contents.
      if privileges == "SELECT", object == "`performance_schema`.`events_transactions_current`" {
        return nil
      }
      let passesOn = statement.contains(" WITH GRANT OPTION")
      if isInside(object, schema) { return passesOn ? "GRANT OPTION ON \(object)" : nil }
      return "\(shortened(privileges)) ON \(object)"
    }
  }

  /// Whether an object, as `SHOW GRANTS` writes it, is the schema or in it.
  private static func isInside(_ object: String, _ schema: String) -> Bool {
    var rest = object[...]
    for kind in ["PROCEDURE ", "FUNCTION ", "PACKAGE BODY ", "PACKAGE "] where rest.hasPrefix(kind)
    {
      rest = rest.dropFirst(kind.count)
    }
    let name = schema.replacing("`", with: "``")
    // Grants often contain the plain name, in which `_` matches any character.
    let pattern = name.replacing("_", with: "\\_").replacing("%", with: "\\%")
    if rest == "`\(name)`.*" || rest == "`\(pattern)`.*" { return true }
    return !rest.hasSuffix(".*") && rest.hasPrefix("`\(name)`.")
  }

  private static func shortened(_ privileges: String) -> String {
    let names = privileges.split(separator: ", ")
    return names.count > 3 ? names.prefix(3).joined(separator: ", ") + ", …" : privileges
  }
}
