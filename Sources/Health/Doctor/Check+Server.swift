package import MariaDBClient

extension Check {
  /// Version and settings of the server.
  package static let serverChecks: [Check] = [
    Check(name: "server version") { version($0.connection.serverVersion) },
    Check(name: "writable", examine: writable),
    Check(name: "sql mode") { sqlMode($0.variables["sql_mode"] ?? "") },
    Check(name: "character set", examine: characterSet),
    Check(name: "time zone", examine: timeZone),
    Check(name: "session clock") {
      sessionClock($0.variables["secure_timestamp"], of: $0.connection.serverVersion)
    },
    Check(name: "commit durability") {
      durability(flushLogAtCommit: $0.variables.integer("innodb_flush_log_at_trx_commit"))
    },
    Check(name: "binary log") { binaryLog($0.variables) },
    Check(name: "routine creation") {
      transactionsAreVisible($0.variables, on: $0.connection.serverVersion)
        ?? routineCreation($0.variables, isSuper: $0.grants.hasGlobal("SUPER"))
    },
    Check(name: "bulk loading") { bulkLoading(isOn: $0.variables.isOn("local_infile")) },
    Check(name: "event scheduler", examine: eventScheduler),
  ]

  /// The releases of MariaDB that the tests cover.
  package static let testedReleases = ["10.11", "11.8"]

  /// Judges the version of the server.
  package static func version(_ version: ServerVersion) -> Finding {
    let name = "\(version.isMariaDB ? "MariaDB" : "MySQL") \(version.description)"
    let tested = testedReleases.joined(separator: " and ")
    guard version.isMariaDB else { return mySQL(version) }
    if (version.major, version.minor) < (10, 6) {
      return .failure("\(name) is too old", "use MariaDB 10.6 or later, best 10.11 or 11.8")
    }
    guard testedReleases.contains("\(version.major).\(version.minor)") else {
      return .warning(
        "\(name) is not tested; \(tested) are", "prefer MariaDB 10.11 or 11.8")
    }
    return .ok("\(name); \(tested) are tested")
  }

  /// The release of MySQL that the checks of docs/mysql.md run on.
  static let testedMySQL = "9.7"

  private static func mySQL(_ version: ServerVersion) -> Finding {
    let remedy = "see docs/mysql.md for what was run, or use MariaDB 10.11 or 11.8"
    if (version.major, version.minor, version.patch) < (8, 0, 31) {
      return .failure("MySQL \(version.description) is too old", remedy)
    }
    guard "\(version.major).\(version.minor)" == testedMySQL else {
      return .warning(
        "MySQL \(version.description) was not tried; \(testedMySQL) was, by part of the tests",
        remedy)
    }
    return .warning("MySQL \(version.description) is tested by part of the tests only", remedy)
  }

  private static func writable(_ examination: Examination) async throws -> Finding {
    var isReplica = false
    if examination.variables.isOn("read_only") {
      // Without the privilege to see the replication status, the server counts as a primary.
      isReplica =
        (try? await examination.connection.query(
          examination.connection.serverVersion.isMariaDB
            ? "SHOW ALL SLAVES STATUS" : "SHOW REPLICA STATUS"
        ).rows.isEmpty) == false
    }
    return writable(
      isReadOnly: examination.variables.isOn("read_only"), isReplica: isReplica,
      isExempt: examination.grants.hasGlobal("READ_ONLY ADMIN")
        || examination.grants.hasGlobal("CONNECTION_ADMIN")
        || examination.grants.hasGlobal("SUPER"))
  }

  /// Judges whether payments can be written.
  package static func writable(isReadOnly: Bool, isReplica: Bool, isExempt: Bool) -> Finding {
    guard isReadOnly else { return .ok("the server accepts changes") }
    if isReplica {
      return .warning(
        "read_only is on, as on a replica: payments go to its primary",
        "connect to the primary, and name this one as read-endpoint")
    }
    return .failure(
      "read_only is on: payments are refused"
        + (isExempt ? ", though not those of this account" : ""),
      "find out why it is on, then SET GLOBAL read_only = OFF")
  }

  /// Judges the server's default SQL mode, which other programs use to write.
  package static func sqlMode(_ mode: String) -> Finding {
    let modes = mode.uppercased().split(separator: ",")
    guard modes.contains("STRICT_TRANS_TABLES") || modes.contains("STRICT_ALL_TABLES") else {
      return .failure(
        "the server is not strict: values that do not fit are truncated without an error",
        "add STRICT_TRANS_TABLES to sql_mode in the server's configuration")
    }
    return .ok("strict")
  }

  private static func characterSet(_ examination: Examination) async throws -> Finding {
    let row = try await examination.connection.query(
      "SELECT @@character_set_client AS session_set, (SELECT s.DEFAULT_CHARACTER_SET_NAME"
        + " FROM information_schema.SCHEMATA AS s WHERE s.SCHEMA_NAME = ?) AS schema_set",
      [.text(examination.database)]
    ).rows.first
    return characterSet(
      session: row?["session_set"] ?? "", schema: row?["schema_set"],
      server: examination.variables["character_set_server"] ?? "",
      database: examination.database)
  }

  /// Judges the character sets of the session and of the schema.
  package static func characterSet(
    session: String, schema: String?, server: String, database: String
  ) -> Finding {
    guard session == "utf8mb4" else {
      return .failure(
        "the session uses \(session), not utf8mb4",
        "remove skip-character-set-client-handshake from the server's configuration")
    }
    guard let schema else {
      return .ok("the session uses utf8mb4; the server's default is \(server)")
    }
    guard schema == "utf8mb4" else {
      return .failure(
        "schema \(database) is \(schema): routines lose characters outside of it",
        "run ALTER DATABASE \(Examination.quoted(database)) CHARACTER SET utf8mb4, drop the"
          + " routines and triggers, and run `payops deploy`")
    }
    return .ok("utf8mb4")
  }

  private static func timeZone(_ examination: Examination) async throws -> Finding {
    let row = try await examination.connection.query(
      "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW()) AS offset_seconds"
    ).rows.first
    return timeZone(
      sessionOffsetSeconds: Int(row?.integer("offset_seconds") ?? 0),
      server: examination.variables["time_zone"] ?? "",
      system: examination.variables["system_time_zone"] ?? "")
  }

  /// Judges the time zones of the session and of the server.
  package static func timeZone(sessionOffsetSeconds: Int, server: String, system: String) -> Finding
  {
    guard sessionOffsetSeconds == 0 else {
      return .failure(
        "the session is \(sessionOffsetSeconds) s away from UTC",
        "look for an init_connect on the server that sets time_zone")
    }
    let zone = server == "SYSTEM" ? system : server
    guard ["+00:00", "-00:00", "UTC", "ETC/UTC", "GMT"].contains(zone.uppercased()) else {
      return .warning(
        "the server's zone is \(zone): other programs that write NOW() store local times",
        "set default-time-zone = '+00:00', or let those programs write UTC_TIMESTAMP()")
    }
    return .ok("session and server are in UTC")
  }

  /// Judges which accounts may set the clock of their session.
  package static func sessionClock(
    _ secureTimestamp: String?, of version: ServerVersion
  ) -> Finding {
    guard version.isMariaDB else {
      return .warning(
        "any account may set the clock of its session, which dates jobs and alerts: MySQL has no"
          + " secure_timestamp", "let only accounts that you trust log in")
    }
    guard let value = secureTimestamp?.uppercased() else {
      return .unknown("secure_timestamp is unknown to the server")
    }
    guard value == "NO" else { return .ok("secure_timestamp is \(value)") }
    return .warning(
      "any account may set the clock of its session, which dates jobs and alerts",
      "set secure_timestamp = SUPER in the server's configuration")
  }

  /// Judges which commits a crash or a power cut may lose.
  package static func durability(flushLogAtCommit: Int?) -> Finding {
    switch flushLogAtCommit {
    case 1, 3: .ok("each commit is synced to disk")
    case 2:
      .warning(
        "a power cut may lose the commits of the last second",
        "set innodb_flush_log_at_trx_commit = 1 where payments arrive")
    case 0:
      .failure(
        "a crash of the server may lose the commits of the last second",
        "set innodb_flush_log_at_trx_commit = 1")
    default: .unknown("innodb_flush_log_at_trx_commit is unknown to the server")
    }
  }

  /// Judges whether the binary log accepts READ COMMITTED, which loads use.
  package static func binaryLog(_ variables: ServerVariables) -> Finding {
    guard variables.isOn("log_bin") else { return .ok("off") }
    let format = variables["binlog_format"]?.uppercased() ?? ""
    guard format != "STATEMENT" else {
      return .failure(
        "binlog_format STATEMENT refuses writes in READ COMMITTED, which loads use",
        "set binlog_format = ROW or MIXED")
    }
    return .ok("on, in format \(format)")
  }

  /// Judges whether routines see an open transaction of their caller, which MySQL shows in the
  /// performance schema alone.
  ///
  /// - Returns: nil when they do
  package static func transactionsAreVisible(
    _ variables: ServerVariables, on version: ServerVersion
  ) -> Finding? {
    guard !version.isMariaDB, !variables.isOn("performance_schema") else { return nil }
    return .failure(
      "performance_schema is off: routines do not see an open transaction of their caller",
      "set performance_schema = ON, its default")
  }

  /// Judges whether the account may create functions and triggers while a binary log is written.
  package static func routineCreation(_ variables: ServerVariables, isSuper: Bool) -> Finding {
    guard variables.isOn("log_bin"), !variables.isOn("log_bin_trust_function_creators") else {
      return .ok("functions and triggers need no privilege beyond those on the schema")
    }
    guard !isSuper else { return .ok("the account has SUPER, which the binary log requires") }
    return .failure(
      "with a binary log, functions and triggers need SUPER, which the account lacks",
      "set log_bin_trust_function_creators = ON, or deploy as an account with SUPER")
  }

  /// Judges whether LOAD DATA LOCAL is allowed.
  package static func bulkLoading(isOn: Bool) -> Finding {
    isOn
      ? .ok("local_infile is on")
      : .failure(
        "local_infile is off: generate and import cannot load", "set local_infile = ON")
  }

  private static func eventScheduler(_ examination: Examination) async throws -> Finding {
    let row = try await examination.connection.query(
      "SELECT COUNT(*) AS events FROM information_schema.EVENTS"
        + " WHERE EVENT_SCHEMA = ? AND STATUS = 'ENABLED'", [.text(examination.database)]
    ).rows.first
    return eventScheduler(
      examination.variables["event_scheduler"] ?? "", events: Int(row?.integer("events") ?? 0))
  }

  /// Judges whether events run.
  package static func eventScheduler(_ state: String, events: Int) -> Finding {
    guard state.uppercased() != "ON" else {
      return .ok("on; enabled events in the schema: \(events)")
    }
    let sentence = "\(state.lowercased()); enabled events in the schema: \(events)"
    guard events > 0 else {
      return .warning(
        sentence + ", so no event depends on it",
        "set event_scheduler = ON if refreshes are to be started by the server")
    }
    return .failure(sentence + ", which do not run", "set event_scheduler = ON")
  }
}
