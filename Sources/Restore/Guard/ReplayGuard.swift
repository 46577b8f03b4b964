internal import Backup
internal import MariaDBClient

/// Decides which statements of binary logs are replayed on a private server.
///
/// A log holds more than changes of one schema: statements on accounts, roles and privileges are
/// skipped, as the private server has none. Statements that no server logs, or that reach files,
/// plugins or the server itself, are refused: the archive may be forged.
struct ReplayGuard {
  /// The decision on a statement.
  enum Decision: Equatable {
    case run
    case leaveOut
    /// With its first words.
    case refuse(String)
  }

  private static let changes: Set<String> = [
    "INSERT", "UPDATE", "DELETE", "REPLACE", "BINLOG", "BEGIN", "START", "COMMIT", "ROLLBACK",
    "SAVEPOINT", "RELEASE", "XA", "TRUNCATE", "RENAME", "ANALYZE", "OPTIMIZE", "REPAIR", "USE",
    "WITH", "CALL", "DO", "SELECT",
  ]
  private static let objects: Set<String> = [
    "TABLE", "VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "SEQUENCE", "INDEX", "DATABASE",
    "SCHEMA", "PACKAGE",
  ]
  private static let accounts: Set<String> = ["USER", "ROLE"]
  /// Variables that mariadb-binlog sets before statements.
  private static let settings: Set<String> = [
    "timestamp", "pseudo_thread_id", "foreign_key_checks", "sql_auto_is_null", "unique_checks",
    "autocommit", "check_constraint_checks", "sql_if_exists", "explicit_defaults_for_timestamp",
    "system_versioning_insert_history", "sql_mode", "auto_increment_increment",
    "auto_increment_offset", "character_set_client", "collation_connection", "collation_server",
    "collation_database", "character_set_database", "character_set_collations", "time_zone",
    "lc_time_names", "insert_id", "last_insert_id", "rand_seed1", "rand_seed2", "gtid_domain_id",
    "gtid_seq_no", "server_id", "skip_parallel_replication", "skip_replication",
    "completion_type", "max_statement_time", "pseudo_slave_mode", "alter_algorithm", "names",
  ]
  /// Words that reach files, plugins or other servers, at any position.
  private static let reaching: Set<String> = [
    "OUTFILE", "DUMPFILE", "INFILE", "LOAD_FILE", "SONAME", "DIRECTORY", "FEDERATED", "CONNECT",
    "SPIDER",
  ]

  /// - Parameter tokens: the tokens of a statement.
  static func decision(on tokens: [SQLToken]) -> Decision {
    guard let first = tokens.first?.keyword else { return tokens.isEmpty ? .run : .refuse("") }
    let words = tokens.prefix(12).map { $0.keyword ?? "" }
    let title = words.prefix(3).filter { !$0.isEmpty }.joined(separator: " ")
    if tokens.contains(where: { reaching.contains($0.keyword ?? "") }) { return .refuse(title) }
    switch first {
    case "GRANT", "REVOKE", "FLUSH": return .leaveOut
    case "SET": return decision(onSetting: tokens)
    case "CREATE", "ALTER", "DROP", "RENAME":
      if let kind = words.dropFirst().first(where: { accounts.contains($0) || objects.contains($0) }
      ) {
        return accounts.contains(kind) ? .leaveOut : .run
      }
      return first == "CREATE" && words.contains("UNIQUE") ? .run : .refuse(title)
    default: return changes.contains(first) ? .run : .refuse(title)
    }
  }

  private static func decision(onSetting tokens: [SQLToken]) -> Decision {
    let words = tokens.map { $0.keyword ?? "" }
    if words.count > 1, words[1] == "PASSWORD" || words[1] == "ROLE" || words[1] == "DEFAULT" {
      return .leaveOut
    }
    if words.count > 1, words[1] == "STATEMENT" {
      guard let start = words.firstIndex(of: "FOR") else { return .refuse("SET STATEMENT") }
      return decision(on: Array(tokens[(start + 1)...]))
    }
    for (position, token) in tokens.enumerated() {
      let isTarget =
        position > 0
        && (tokens[position - 1] == .mark(",") || tokens[position - 1].keyword == "SET")
      guard isTarget else { continue }
      switch token {
      case .variable: continue
      case .setting(let name):
        var bare = name.dropFirst(2)
        for front in ["session.", "local."] where bare.hasPrefix(front) {
          bare = bare.dropFirst(front.count)
        }
        // A session setting ends with its session.
        let isOfSession = name.hasPrefix("@@session.") && !bare.hasPrefix("debug")
        guard isOfSession || settings.contains(String(bare)) else { return .refuse("SET \(name)") }
      case .word(let name):
        guard settings.contains(name.lowercased()) else { return .refuse("SET \(name)") }
      default: return .refuse("SET")
      }
    }
    return .run
  }
}
