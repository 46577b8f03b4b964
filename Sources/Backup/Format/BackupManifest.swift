internal import Foundation

/// What is known of a backup: the file beside its data (JSON, format 1).
///
/// Facts about tables and views were read in the snapshot from which the data were dumped.
package struct BackupManifest: Codable, Sendable, Equatable {
  /// The newest format that this program reads and the one that it writes.
  static let currentFormat = 1

  /// Version of this format.
  var format = currentFormat
  /// Name of the backup; also bound into the encryption.
  package let id: String
  /// Counts up in a folder; the order of backups, even when a clock jumped back.
  package let sequence: Int
  /// Schema that was backed up.
  package let schema: String
  /// Character set of the schema.
  package let characterSet: String
  /// Collation of the schema.
  package let collation: String
  /// Instant of the snapshot (UTC, `YYYY-MM-DDTHH:MM:SSZ`).
  package let createdAt: String
  /// The same in seconds since 1970.
  package let createdEpoch: Int64
  /// Version of payops that made the backup.
  package let payopsVersion: String
  /// Version of payops that deployed the schema last; nil for a schema that is not payops'.
  let schemaVersion: String?
  /// Version of the server.
  package let serverVersion: String
  /// Version of the dump tool, as it writes it.
  let dumpTool: String
  /// Where the binary log stood at the snapshot; nil when the server writes none.
  package let position: LogPosition?
  /// The stored data.
  package var data: StoredData
  /// The tables.
  package let tables: [TableFacts]
  /// Every object with a checksum of its definition.
  package let objects: [ObjectFacts]
  /// The next value of each sequence, by name.
  package let sequences: [String: Int64]
  /// The published views in the snapshot; nil for a schema without a catalogue of KPIs.
  package let views: ViewDigest?
  /// The end of the audit log in the snapshot; nil for a schema without one.
  package let auditHead: AuditHead?
  /// Seconds from the start of the dump to its publication.
  package let dumpSeconds: Double
  /// How long writers were held up by the table locks; nil in older backups, and where a table
  /// without transactions kept the locks to the end.
  package var lockSeconds: Double?
  /// Columns whose values the dump tool cannot write as they are; nil in backups of older versions.
  package var lossyColumns: [LossyColumn]?
  /// Objects whose definer did not exist; nil without any, and in backups of older versions.
  package var orphans: [Orphan]?
  /// Why it was made; nil in backups of older versions, which count as made by hand.
  package var kind: BackupKind?
  /// What proves that the key's owner wrote this; nil without encryption, and in encrypted backups
  /// of older versions.
  package var seal: BackupSeal?
  /// Whether rotation leaves it alone.
  package var isPinned = false
  /// What a restore has proved.
  package var verification = Verification()

  /// The last entry of the audit log: what the log must still hold later.
  package struct AuditHead: Codable, Sendable, Equatable {
    /// Number of the entry.
    package let id: Int64
    /// Its hash.
    package let hash: String
  }

  /// A place in the binary log.
  package struct LogPosition: Codable, Sendable, Equatable {
    /// Global transaction ids.
    package let gtid: String
    /// File on the server.
    package let file: String
    /// Offset in bytes.
    package let offset: Int64
  }

  /// The file with the data.
  package struct StoredData: Codable, Sendable, Equatable {
    /// Name of the file beside the manifest.
    package let file: String
    /// Bytes of the file.
    package let storedBytes: Int64
    /// Bytes of the dump.
    package let rawBytes: Int64
    /// SHA-256 of the file, hexadecimal.
    package var sha256: String
    /// Id of the encryption key; nil when the data are not encrypted.
    package let keyId: String?
  }

  /// A table in the snapshot.
  package struct TableFacts: Codable, Sendable, Equatable {
    /// Name.
    package let name: String
    /// Rows.
    package let rows: Int64
    /// Rows with the history of a versioned table; nil for any other.
    package let historyRows: Int64?
    /// The server's checksum of all current rows, whatever their order; nil when it was not read.
    package let checksum: String?
    /// Digest of the rows as they were dumped, whatever their order; nil without rows.
    package var rowDigest: String?
    /// Bytes of the rows as they were dumped; nil in backups of older versions.
    var dumpBytes: Int64?
    /// Bytes of the texts that may be more than ASCII, which a wrong character set changes; nil
    /// when the table has none, or a checksum.
    package let textBytes: Int64?

    /// Bytes of the rows, or a guess.
    package var size: Int64 { dumpBytes ?? rows * 100 }
  }

  /// An object and its definition.
  package struct ObjectFacts: Codable, Sendable, Hashable {
    /// `table`, `view`, `function`, `procedure`, `package`, `package body`, `trigger`, `event` or
    /// `sequence`.
    package let kind: String
    /// Name.
    package let name: String
    /// SHA-256 of the definition without its definer, hexadecimal.
    package let checksum: String
  }

  /// A column with values that the dump tool cannot write.
  package struct LossyColumn: Codable, Sendable, Equatable {
    /// Name of the table.
    package let table: String
    /// Name of the column.
    package let column: String
    /// Type of the column: `float`, `enum` or `set`.
    package let type: String

    /// What the dump tool does with it.
    package var sentence: String {
      type == "float"
        ? "mariadb-dump rounds column \(table).\(column), a FLOAT, to 6 digits"
        : "mariadb-dump cannot write column \(table).\(column), whose \(type.uppercased()) values"
          + " have characters of 4 bytes"
    }
  }

  /// An object whose definer is an account that does not exist.
  package struct Orphan: Codable, Sendable, Equatable {
    /// `view`, `function`, `procedure`, `package`, `package body`, `trigger` or `event`.
    package let kind: String
    /// Name.
    package let name: String
    /// The account as `user@host`; nil when the account that made the backup may not see accounts,
    /// so that only a view that does not open is known.
    package let definer: String?

    /// What is wrong with it.
    package var sentence: String {
      definer.map { "\(kind) \(name) has the definer \($0), an account that does not exist" }
        ?? "\(kind) \(name) does not open: its definer, or that of what it reads, does not exist"
    }
  }

  /// What the published views gave.
  package struct ViewDigest: Codable, Sendable, Equatable {
    /// The instant that the views called now (UTC).
    package let asOf: String
    /// A digest of the rows of each view, by name.
    package let digests: [String: String]
    /// Whether the clock of the session was held at that instant; nil in backups of older versions,
    /// where it was not.
    package var isClockHeld: Bool?
    /// Views that are not compared, as their rows depend on more than the tables, or take too long to
    /// read; nil in backups of older versions.
    var uncompared: [String]?
  }

  /// The outcome of the last verification.
  package struct Verification: Codable, Sendable, Equatable {
    /// How far a backup is known to be good.
    package enum State: String, Codable, Sendable {
      /// Nobody has restored it yet.
      case unverified
      /// It was restored, and what was restored was equal in everything compared.
      case verified
      /// It was tried, and it is not good.
      case failed
    }

    /// The state.
    package var state = State.unverified
    /// When (UTC); nil before the first verification.
    package var verifiedAt: String?
    /// How long the restore took; nil when none came to its end.
    package var restoreSeconds: Double?
    /// Version of the server that it was restored on.
    package var serverVersion: String?
    /// What was found wrong, by the name of the check.
    package var findings: [VerificationFinding] = []
    /// The last attempt, when it could not look at the backup, which leaves the state as it was;
    /// nil when it could.
    package var attempt: Attempt?

    /// A backup that nobody has verified yet.
    package init() {}
  }

  /// An attempt to verify that came to no end.
  package struct Attempt: Codable, Sendable, Equatable {
    /// When (UTC).
    package let at: String
    /// Why, in one sentence.
    package let reason: String

    /// Describes an attempt.
    package init(at: String, reason: String) {
      self.at = at
      self.reason = reason
    }
  }

  /// Whether a restore has proved the backup.
  package var isVerified: Bool { verification.state == .verified }

  /// Published views that a verification does not compare: their rows depend on the session.
  package var uncomparedViews: [String] { views?.uncompared ?? [] }

  /// Names the columns of a table that the dump tool cannot write, to stand behind a finding.
  ///
  /// - Parameter table: the table; nil for all.
  package func lossNote(of table: String?) -> String {
    let columns = (lossyColumns ?? []).filter { table == nil || $0.table == table }
    guard !columns.isEmpty else { return "" }
    return " (" + columns.map(\.sentence).joined(separator: "; ") + ")"
  }

  /// Whether it is one of the backups that follow each other, of which the newest is the latest.
  package var isInOrder: Bool { (kind ?? .manual).isInOrder }

  /// Why it was made, as far as that is known.
  package var purpose: BackupKind { kind ?? .manual }

  // MARK: - JSON

  /// The manifest as JSON with sorted keys.
  func encoded() throws(BackupError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do {
      return try encoder.encode(self)
    } catch {
      throw BackupError(.unreadableManifest, "the manifest of \(id) cannot be written as JSON")
    }
  }

  /// Reads a manifest.
  ///
  /// - Parameters:
  ///   - data: the JSON.
  ///   - path: for messages.
  static func decode(_ data: Data, path: String) throws(BackupError) -> BackupManifest {
    struct Version: Decodable { let format: Int }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let version = try? decoder.decode(Version.self, from: data) else {
      throw BackupError(.unreadableManifest, "\(path) is no manifest of a backup")
    }
    guard version.format <= currentFormat else {
      throw BackupError(
        .unreadableManifest, "\(path) has format \(version.format), newer than \(currentFormat)",
        hint: "use the version of payops that made it, or a newer one")
    }
    guard let manifest = try? decoder.decode(BackupManifest.self, from: data) else {
      throw BackupError(.unreadableManifest, "\(path) is damaged: fields are missing or wrong")
    }
    guard BackupName.isData(manifest.data.file) else {
      throw BackupError(
        .unreadableManifest, "\(path) names data outside its folder: \(manifest.data.file)",
        hint: "payops wrote no such manifest; do not trust it")
    }
    return manifest
  }

  /// Makes sure that a manifest is that of the backup of a name, whose parts it repeats.
  package func check(name: String, path: String) throws(BackupError) {
    guard id == name else {
      throw BackupError(.unreadableManifest, "\(path) is the manifest of \(id)")
    }
    let made = BackupName.make(
      schema: schema, timestamp: Timestamp.compact(createdEpoch), sequence: sequence)
    guard made == name, createdAt == Timestamp.text(createdEpoch) else {
      throw BackupError(
        .unreadableManifest,
        "\(path) was changed: schema, instant or number are not those of its name",
        hint: "payops wrote no such manifest; do not trust it")
    }
  }
}

/// Why a backup was made.
package enum BackupKind: String, Codable, Sendable, CaseIterable {
  /// A job made it.
  case scheduled
  /// Somebody asked for it.
  case manual
  /// A restore kept what it replaced.
  case safety
  /// A restore brought another backup forward to a moment.
  case pointInTime = "point_in_time"

  /// Whether it is one of the backups that follow each other. The others hold states that somebody
  /// wanted to leave, or to go back to.
  package var isInOrder: Bool { self == .scheduled || self == .manual }
}

/// Something that a verification found wrong.
package struct VerificationFinding: Codable, Sendable, Equatable {
  /// The check that failed.
  package let check: String
  /// What is wrong, in one sentence that names the object.
  package let message: String

  /// Describes what a check found.
  package init(check: String, message: String) {
    self.check = check
    self.message = message
  }
}
