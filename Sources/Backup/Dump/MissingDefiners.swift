package import MariaDBClient

/// How objects are handled whose definer is an account that does not exist.
package enum MissingDefiners: String, CaseIterable, Sendable {
  /// The backup or restore is refused until the operator has decided who owns them.
  case refuse
  /// The backup or restore is made, and reports the objects.
  case report

  /// Finds such objects in the selected schema.
  ///
  /// An account that may not see other accounts finds only views, as these cannot be opened.
  ///
  /// - Throws: ``BackupError/Code/unsupported`` for the first one, when they are refused.
  package func look(on connection: Connection) async throws -> [BackupManifest.Orphan] {
    let orphans = try await Self.find(on: connection)
    guard self == .refuse, let first = orphans.first else { return orphans }
    throw BackupError(
      .unsupported,
      first.sentence + (orphans.count > 1 ? "; the same holds for \(orphans.count - 1) more" : ""),
      hint: "create the account, or create the object again (payops' own: `payops deploy`);"
        + " to back it up anyway and list such objects, add --missing-definers report")
  }

  private static func find(on connection: Connection) async throws -> [BackupManifest.Orphan] {
    if try await DefinerAccounts.read(on: connection) != nil {
      return try await connection.query(query, [.text(StagingName.pattern)]).rows.map {
        BackupManifest.Orphan(
          kind: $0["kind"] ?? "", name: $0["name"] ?? "", definer: $0["definer"])
      }
    }
    var orphans: [BackupManifest.Orphan] = []
    for name in try await views(on: connection) where try await !opens(name, on: connection) {
      orphans.append(BackupManifest.Orphan(kind: "view", name: name, definer: nil))
    }
    return orphans
  }

  private static func opens(_ view: String, on connection: Connection) async throws -> Bool {
    do {
      // The first checks the definer of the view, the second those of functions.
      try await connection.execute("SELECT 1 FROM \(ObjectInventory.quoted(view)) LIMIT 0")
      try await connection.execute("SHOW CREATE VIEW \(ObjectInventory.quoted(view))")
      return true
    } catch {
      if error.code == .connectionLost { throw error }
      return !error.isOfMissingDefiner
    }
  }

  private static let query =
    """
    SELECT o.kind, o.name, o.definer FROM (
      SELECT 'view' AS kind, table_name AS name, definer FROM information_schema.views
      WHERE table_schema = DATABASE() AND security_type = 'DEFINER'
      UNION ALL
      SELECT LOWER(routine_type), routine_name, definer FROM information_schema.routines
      WHERE routine_schema = DATABASE() AND security_type = 'DEFINER'
      UNION ALL
      SELECT 'trigger', trigger_name, definer FROM information_schema.triggers
      WHERE trigger_schema = DATABASE() AND event_object_table NOT LIKE ?
      UNION ALL
      SELECT 'event', event_name, definer FROM information_schema.events
      WHERE event_schema = DATABASE()
    ) AS o
    WHERE NOT EXISTS (
      SELECT 1 FROM mysql.user AS u
      WHERE BINARY o.definer = BINARY CONCAT(u.User, '@', u.Host)
        OR (u.Host = '' AND BINARY o.definer IN (u.User, CONCAT(u.User, '@')))
    )
    ORDER BY o.kind, o.name
    """

  /// The views of the selected schema.
  package static func views(on connection: Connection) async throws -> [String] {
    try await connection.query(
      "SELECT table_name AS name FROM information_schema.views"
        + " WHERE table_schema = DATABASE() ORDER BY table_name"
    ).rows.compactMap { $0["name"] }
  }
}

extension DatabaseError {
  /// Whether the server did not open an object because its definer, or that of an object it uses,
  /// does not exist. An administrator gets that error, everyone else "access denied".
  var isOfMissingDefiner: Bool { errno == 1449 || errno == 1045 }
}

/// A view that calls a function whose definer does not exist.
///
/// `SHOW CREATE VIEW` and the dump tool fail on it; `information_schema` still has its text.
struct HiddenView: Sendable {
  let name: String
  /// The columns of `SHOW CREATE VIEW`: name, definition, character set and collation.
  package let columns: [(name: String, value: String)]

  /// Reads a view that `SHOW CREATE VIEW` did not show.
  package static func read(_ name: String, on connection: Connection) async throws -> HiddenView? {
    let row = try await connection.query(
      """
      SELECT view_definition AS text, check_option, definer, security_type, algorithm,
        character_set_client AS charset, collation_connection AS collation
      FROM information_schema.views WHERE table_schema = DATABASE() AND table_name = ?
      """, [.text(name)]
    ).rows.first
    guard let row, let text = row["text"], !text.isEmpty, let definer = row["definer"],
      let at = definer.lastIndex(of: "@")
    else { return nil }
    let check = row["check_option"].flatMap { $0 == "NONE" ? nil : $0 }
    let definition =
      "CREATE ALGORITHM=\(row["algorithm"] ?? "UNDEFINED")"
      + " DEFINER=\(ObjectInventory.quoted(String(definer[..<at])))"
      + "@\(ObjectInventory.quoted(String(definer[definer.index(after: at)...])))"
      + " SQL SECURITY \(row["security_type"] ?? "DEFINER")"
      + " VIEW \(ObjectInventory.quoted(name)) AS \(text)"
      + (check.map { " WITH \($0) CHECK OPTION" } ?? "")
    return HiddenView(
      name: name,
      columns: [
        ("View", name), ("Create View", definition),
        ("character_set_client", row["charset"] ?? ""),
        ("collation_connection", row["collation"] ?? ""),
      ])
  }

  /// The views of the selected schema that `SHOW CREATE VIEW` does not show.
  package static func all(on connection: Connection) async throws -> [HiddenView] {
    var hidden: [HiddenView] = []
    for name in try await MissingDefiners.views(on: connection) {
      do {
        try await connection.execute("SHOW CREATE VIEW \(ObjectInventory.quoted(name))")
      } catch {
        guard error.isOfMissingDefiner, let view = try await read(name, on: connection) else {
          throw error
        }
        hidden.append(view)
      }
    }
    return hidden
  }

  /// The statements that the dump tool would write.
  ///
  /// - Throws: ``BackupError/Code/unsupported`` for a text that cannot be written in its own
  ///   character set.
  package func dump() throws(BackupError) -> String {
    let charset = columns[2].value
    let definition = columns[1].value
    guard ["utf8mb4", "utf8mb3", "utf8"].contains(charset) || definition.allSatisfy(\.isASCII)
    else {
      throw BackupError(
        .unsupported,
        "view \(name) calls a function whose definer does not exist, and was written in \(charset)",
        hint: "create the account of the function, or create the view again")
    }
    let quoted = ObjectInventory.quoted(name)
    return """

      --
      -- View structure for view \(quoted), which calls a function of an account that is gone
      --

      /*!50001 DROP VIEW IF EXISTS \(quoted)*/;
      /*!50001 SET @saved_cs_client          = @@character_set_client */;
      /*!50001 SET @saved_cs_results         = @@character_set_results */;
      /*!50001 SET @saved_col_connection     = @@collation_connection */;
      /*!50001 SET character_set_client      = \(charset) */;
      /*!50001 SET character_set_results     = \(charset) */;
      /*!50001 SET collation_connection      = \(columns[3].value) */;
      \(definition);
      /*!50001 SET character_set_client      = @saved_cs_client */;
      /*!50001 SET character_set_results     = @saved_cs_results */;
      /*!50001 SET collation_connection      = @saved_col_connection */;

      """
  }

  /// The last line of a dump, which proves that it is complete.
  static let lastLine = "\n-- Dump completed\n"
}
