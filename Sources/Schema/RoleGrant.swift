/// One privilege of a role on one object.
package struct RoleGrant: Hashable, Sendable, Comparable {
  /// The privilege as GRANT and REVOKE write it: `SELECT`, `EXECUTE`, or a role in backquotes.
  package let privilege: String
  /// The object as the server writes it: `*.*`, a table or `PROCEDURE` with its quoted name; empty
  /// for the membership in a role.
  package let object: String

  /// The schema of the object; nil for the whole server.
  package var schema: String? {
    object.firstMatch(of: /^(?:PROCEDURE |FUNCTION )?`((?:[^`]|``)*)`/).map {
      String($0.1).replacing("``", with: "`").replacing("\\_", with: "_").replacing(
        "\\%", with: "%")
    }
  }

  package static func < (left: RoleGrant, right: RoleGrant) -> Bool {
    (left.object, left.privilege) < (right.object, right.privilege)
  }

  /// Reads the grants of one role from what `SHOW GRANTS` prints for it.
  ///
  /// - Parameters:
  ///   - statements: the lines; those of roles that it inherits from are left out
  ///   - role: name of the role
  /// - Returns: one grant for each privilege and object, without USAGE
  static func parse(_ statements: [String], of role: String) -> Set<RoleGrant> {
    var grants: Set<RoleGrant> = []
    let grantee = quoted(role)
    for statement in statements {
      guard
        let match = statement.wholeMatch(
          // A role of MySQL has a host.
          of:
            /GRANT (.+?)(?: ON (.+))? TO (`(?:[^`]|``)*`)(?:@`%`)?( WITH (?:GRANT|ADMIN) OPTION)?/),
        match.3 == grantee
      else { continue }
      let object = match.2.map(String.init) ?? ""
      for privilege in privileges(in: String(match.1)) where privilege != "USAGE" {
        grants.insert(RoleGrant(privilege: privilege, object: object))
      }
      if match.4 != nil, !object.isEmpty {
        grants.insert(RoleGrant(privilege: "GRANT OPTION", object: object))
      }
    }
    return grants
  }

  /// Reads the grants of an account or role with those that it inherits.
  ///
  /// - Parameter statements: what `SHOW GRANTS` prints for it
  /// - Returns: one grant for each privilege and object, whoever of them has it
  package static func all(in statements: [String]) -> Set<RoleGrant> {
    var grants: Set<RoleGrant> = []
    for statement in statements {
      guard let match = statement.firstMatch(of: /^GRANT (.+?) ON (.+?) TO [`']/) else { continue }
      for privilege in privileges(in: String(match.1)) {
        grants.insert(RoleGrant(privilege: privilege, object: String(match.2)))
      }
    }
    return grants
  }

  /// An object as `SHOW GRANTS` writes it.
  static func object(kind: String, name: String, schema: String) -> String {
    let place = "\(quoted(schema)).\(quoted(name))"
    switch kind {
    case "schema": return "\(pattern(of: schema)).*"
    case "system_table": return "`mysql`.\(quoted(name))"
    case "procedure": return "PROCEDURE \(place)"
    case "function": return "FUNCTION \(place)"
    default: return place
    }
  }

  /// Splits a list of privileges; those on columns keep their columns.
  static func privileges(in list: String) -> [String] {
    list.matches(of: /(?:[^,(]|\([^)]*\))+/).map { match in
      String(match.output.drop { $0 == " " })
    }
  }

  /// A name in backquotes.
  static func quoted(_ name: String) -> String { "`" + name.replacing("`", with: "``") + "`" }

  /// A schema's name as GRANT writes it: there, and only there, it is a pattern.
  static func pattern(of schema: String) -> String {
    quoted(
      schema.replacing("\\", with: "\\\\").replacing("_", with: "\\_").replacing("%", with: "\\%"))
  }

  /// A statement that gives the privilege.
  ///
  /// - Parameter role: name of the role
  func granting(to role: String) -> String {
    "GRANT \(privilege) ON \(object) TO \(RoleGrant.quoted(role))"
  }

  /// A statement that revokes the privilege.
  ///
  /// - Parameter role: name of the role
  func revoking(from role: String) -> String {
    let place = object.isEmpty ? "" : " ON \(object)"
    return "REVOKE \(privilege)\(place) FROM \(RoleGrant.quoted(role))"
  }
}
