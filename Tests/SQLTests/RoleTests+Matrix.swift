internal import MariaDBClient
internal import Schema
internal import Testing

/// Every role against every published view, table, procedure and function, as the catalogue says.
extension RoleTests {
  /// What a BI tool asks before it reads a view: SQLAlchemy describes it and reads its definition,
  /// ODBC drivers ask for its columns and keys.
  private static func reflection(of view: String) -> [String] {
    [
      "SELECT * FROM `\(view)` LIMIT 0", "DESCRIBE `\(view)`", "SHOW FULL COLUMNS FROM `\(view)`",
      "SHOW CREATE TABLE `\(view)`", "SHOW CREATE VIEW `\(view)`",
    ]
  }

  /// The error of a statement; nil when it succeeds.
  private func failure(_ sql: String, _ connection: Connection) async -> DatabaseError? {
    do throws(DatabaseError) {
      _ = try await connection.queryAll(sql)
      return nil
    } catch {
      return error
    }
  }

  /// Expects a refusal that names the object and a privilege, or none.
  private func expect(
    _ sql: String, _ isAllowed: Bool, of name: String, _ connection: Connection, _ role: String
  ) async {
    let error = await failure(sql, connection)
    let isDenied = error?.code == .accessDenied
    #expect(isDenied != isAllowed, "\(role): \(sql): \(error?.debugDescription ?? "allowed")")
    guard isDenied, let error else { return }
    let denial = error.denial
    #expect(denial?.privilege != nil, "\(role): \(error.debugDescription)")
    #expect(error.description.contains(".\(name)"), "\(role): \(error.description)")
    #expect(error.hint?.contains(".\(name)") == true, "\(role): \(error.hint ?? "")")
  }

  @Test(
    "a role reads and reflects the published views that name it, and no others", arguments: roles)
  func views(role: String) async throws {
    try await withRoles { owner, schema in
      let views = try await owner.query(
        "SELECT view_name, reader_roles, column_count FROM catalog_views ORDER BY view_name"
      ).rows
      let connection = try await connect(as: role, schema, owner)
      var columns: Int64 = 0
      for view in views {
        let name = view["view_name"] ?? ""
        let readers = (view["reader_roles"] ?? "").split(separator: ",").map(String.init)
        let isAllowed = (readers + ["admin", "backup"]).contains(role)
        if isAllowed { columns += view.integer("column_count") ?? 0 }
        for sql in Self.reflection(of: name) {
          await expect(sql, isAllowed, of: name, connection, role)
        }
      }
      // As tools read the columns of a whole schema: nothing may be left out with a warning.
      let seen = try await connection.query(
        """
        SELECT COUNT(*) AS columns FROM information_schema.columns AS c
        INNER JOIN information_schema.views AS v USING (table_schema, table_name)
        WHERE c.table_schema = DATABASE() AND c.table_name NOT LIKE 'int\\\\_%'
        """)
      #expect(try await connection.query("SHOW WARNINGS").rows.map(\.values) == [], "\(role)")
      #expect(seen.rows.first?.integer("columns") == columns, "\(role)")
      await connection.close()
    }
  }

  @Test("a role may use the tables and routines that name it, and no others", arguments: roles)
  func objects(role: String) async throws {
    try await withRoles { owner, schema in
      let connection = try await connect(as: role, schema, owner)
      let declared = try DeclaredRoles()
      let granted = declared.grants(of: role, in: schema)
      func has(_ privilege: String, _ object: String) -> Bool {
        granted.contains { $0.object == object && $0.privilege == privilege }
          || granted.contains { $0.object.hasSuffix(".*") && $0.privilege == privilege }
      }
      for row in try await owner.query(
        "SELECT table_name AS name FROM information_schema.tables"
          + " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name"
      ).rows {
        let name = row["name"] ?? ""
        let object = "`\(schema)`.`\(name)`"
        func may(_ privileges: String...) -> Bool { privileges.allSatisfy { has($0, object) } }
        await expect(
          "SELECT 1 FROM `\(name)` LIMIT 0", may("SELECT"), of: name, connection, role)
        await expect(
          "DELETE FROM `\(name)` WHERE FALSE", may("DELETE"), of: name, connection, role)
        await expect(
          "INSERT INTO `\(name)` SELECT * FROM `\(name)` LIMIT 0", may("INSERT", "SELECT"),
          of: name, connection, role)
        await expect("DROP TABLE `\(name)`, no_table", may("DROP"), of: name, connection, role)
      }
      for row in try await owner.query(
        """
        SELECT r.routine_name AS name, r.routine_type AS kind, COUNT(p.ordinal_position) AS places
        FROM information_schema.routines AS r
        LEFT JOIN information_schema.parameters AS p
          ON p.specific_schema = r.routine_schema AND p.specific_name = r.routine_name
            AND p.routine_type = r.routine_type AND p.ordinal_position > 0
        WHERE r.routine_schema = DATABASE()
        GROUP BY r.routine_name, r.routine_type
        """
      ).rows {
        let (name, kind) = (row["name"] ?? "", row["kind"] ?? "")
        let places = Int(row.integer("places") ?? 0)
        func nulls(_ count: Int) -> String {
          Array(repeating: "NULL", count: count).joined(separator: ", ")
        }
        // With a value too many a procedure does nothing; the server looks at the privilege first.
        let sql =
          kind == "PROCEDURE"
          ? "CALL `\(name)`(\(nulls(places + 1)))" : "SELECT `\(name)`(\(nulls(places)))"
        await expect(
          sql, has("EXECUTE", "\(kind) `\(schema)`.`\(name)`"), of: name, connection, role)
      }
      await connection.close()
    }
  }

  @Test("the grants in the program are those of the tables")
  func declaredGrants() async throws {
    try await withRoles { owner, schema in
      let rows = try await owner.query(
        "SELECT role_name, object_kind, object_pattern, privileges FROM role_grants"
      ).rows.map { $0.values.map { $0 ?? "" }.joined(separator: " ") }
      let declared = try DeclaredRoles()
      #expect(
        Set(rows)
          == Set(
            declared.rows.map {
              "\($0.role) \($0.kind) \($0.pattern) \($0.privileges.joined(separator: ", "))"
            }))
      #expect(declared.rows.count == rows.count)
      for role in Self.roles {
        let lines = try await owner.query("SHOW GRANTS FOR `\(schema)_\(role)`").rows
          .compactMap { $0.values.first ?? nil }
        let held = RoleGrant.all(in: lines).filter { $0.privilege != "USAGE" }
        #expect(held == declared.grants(of: role, in: schema), "\(role)")
      }
    }
  }

  @Test("a refusal names the role that gives the privilege")
  func advice() async throws {
    let declared = try DeclaredRoles()
    func advice(_ message: String, _ errno: UInt32) -> String? {
      Denial(message, errno: errno).flatMap(declared.advice)
    }
    let by = "command denied to user 'u'@'h'"
    #expect(
      advice("SELECT \(by) for table `pay`.`customers`", 1142)
        == "the role pay_analyst gives it; if the account has it already, see `payops roles check`")
    #expect(
      advice("execute \(by) for routine 'pay.change_alert'", 1370)
        == "the role pay_ops gives it; if the account has it already, see `payops roles check`")
    #expect(
      advice("SELECT \(by) for table `pay`.`risk_scores`", 1142)
        == "the roles pay_analyst and pay_bi give it; if the account has one of them, see"
        + " `payops roles check`")
    #expect(
      advice("UPDATE \(by) for table `pay`.`settings`", 1142)?.hasPrefix("the role pay_admin gives")
        == true)
    #expect(
      advice("SELECT command denied to user 'pay_owner'@'h' for table `pay`.`settings`", 1142)?
        .contains("payops deploy") == true)
    #expect(advice("SELECT \(by) for table `mysql`.`user`", 1142) == nil)
    #expect(advice("Access denied for user 'u'@'h' to database 'mysql'", 1044) == nil)
  }
}
