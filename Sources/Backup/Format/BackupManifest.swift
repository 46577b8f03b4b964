internal import Foundation
internal import MariaDBClient

/// The facts about a backup: the file beside its data (JSON, format 1).
///
/// Facts about tables and views were read in the snapshot from which the data were dumped.
package struct BackupManifest: Codable, Sendable, Equatable {
  /// The newest format that this program reads and the one that it writes.
  static let currentFormat = 1

  /// Version of this format.
  var format = currentFormat
  /// Name of the backup; also bound into the encryption.
  package let id: String
  /// Number that increases within a folder: the order of backups, even after a clock jumped back.
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
  /// Version of payops that deployed the schema last; nil for a schema of another origin.
  let schemaVersion: String?
  /// Version of the server.
  package let serverVersion: String
  /// Whether that server was MySQL: neither product restores the backups of the other.
  package var isOfMySQL: Bool { !ServerVersion(serverVersion).isMariaDB }
  /// Version of the dump tool, as it writes it.
  let dumpTool: String
  /// Position of the binary log at the snapshot; nil when the server writes none.
  package let position: LogPosition?
  /// The stored data.
  package var data: StoredData
  /// The tables.
  package var tables: [TableFacts]
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
  /// How long the table locks blocked writers; nil in older backups, and where a table without
  /// transactions kept the locks to the end.
  package var lockSeconds: Double?
  /// Columns whose values the dump tool cannot write exactly; nil in backups of older versions.
  package var lossyColumns: [LossyColumn]?
  /// Objects whose definer did not exist; nil without any, and in backups of older versions.
  package var orphans: [Orphan]?
  /// Why it was made; nil in backups of older versions, which count as made by hand.
  package var kind: BackupKind?
  /// Proof that a holder of the key wrote this; nil without encryption, and in encrypted backups
  /// of older versions.
  package var seal: BackupSeal?
  /// Whether rotation never deletes it.
  package var isPinned = false
  /// The outcome of its verification by a restore.
  package var verification = Verification()

  /// The last entry of the audit log, which the log must still contain later.
  package struct AuditHead: Codable, Sendable, Equatable {
    /// Number of the entry.
    package let id: Int64
    /// Its hash.
    package let hash: String
  }

  /// A position in the binary log.
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
    /// Rows including the history of a versioned table; nil for any other.
    package let historyRows: Int64?
    /// The server's checksum of all current rows, independent of their order; nil when not read.
    package let checksum: String?
    /// Digest of the rows as they were dumped, independent of their order; nil without rows.
    package var rowDigest: String?
    /// Bytes of the rows as they were dumped; nil in backups of older versions.
    var dumpBytes: Int64?
    /// Bytes of the texts that may hold more than ASCII, which a wrong character set changes; nil
    /// when the table has none, or has a checksum.
    package let textBytes: Int64?

    /// Bytes of the rows, or an estimate.
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
    /// Whether whoever made the backup accepted the rounded values; nil for no.
    package var isAccepted: Bool?

    /// How the dump tool changes it.
    package var sentence: String {
      type == "float"
        ? "mariadb-dump rounds column \(table).\(column), a FLOAT, to 6 digits"
          + (isAccepted == true ? ", which was accepted: the backup has the rounded values" : "")
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
    /// The account as `user@host`; nil when the account that made the backup may not see accounts
    /// and only knows that the view does not open.
    package let definer: String?

    /// The problem with it, in one sentence.
    package var sentence: String {
      definer.map { "\(kind) \(name) has the definer \($0), an account that does not exist" }
        ?? "\(kind) \(name) does not open: its definer, or that of what it uses, does not exist"
    }
  }

  /// Digests of the published views.
  package struct ViewDigest: Codable, Sendable, Equatable {
    /// The instant that the views took as now (UTC).
    package let asOf: String
    /// A digest of the rows of each view, by name.
    package let digests: [String: String]
    /// Whether the clock of the session was fixed at that instant; nil in backups of older
    /// versions, where it was not.
    package var isClockHeld: Bool?
    /// Views that are not compared, as their rows depend on more than the tables, or reading them
    /// takes too long; nil in backups of older versions.
    var uncompared: [String]?
  }

  /// The outcome of the last verification.
  package struct Verification: Codable, Sendable, Equatable {
    /// Whether a backup is known to be good.
    package enum State: String, Codable, Sendable {
      /// It has not been restored yet.
      case unverified
      /// It was restored, and the result was equal in everything compared.
      case verified
      /// The restore failed, or its result differed.
      case failed
    }

    /// The state.
    package var state = State.unverified
    /// When (UTC); nil before the first verification.
    package var verifiedAt: String?
    /// How long the restore took; nil when none was completed.
    package var restoreSeconds: Double?
    /// Version of the server that it was restored on.
    package var serverVersion: String?
    /// The differences found, with the name of the check.
    package var findings: [VerificationFinding] = []
    /// The last attempt, if it could not examine the backup and so left the state unchanged; nil
    /// otherwise.
    package var attempt: Attempt?

    /// The state of a backup before its first verification.
    package init() {}
  }

  /// An attempt to verify that was not completed.
  package struct Attempt: Codable, Sendable, Equatable {
    /// When (UTC).
    package let at: String
    /// The reason, in one sentence.
    package let reason: String

    /// Describes an attempt.
    package init(at: String, reason: String) {
      self.at = at
      self.reason = reason
    }
  }

  /// Whether a restore has verified the backup.
  package var isVerified: Bool { verification.state == .verified }

  /// Published views that a verification does not compare: their rows depend on the session.
  package var uncomparedViews: [String] { views?.uncompared ?? [] }

  /// Names the columns of a table that the dump tool cannot write, as a suffix of a finding.
  ///
  /// - Parameter table: the table; nil for all.
  package func lossNote(of table: String?) -> String {
    let columns = (lossyColumns ?? []).filter { table == nil || $0.table == table }
    guard !columns.isEmpty else { return "" }
    return " (" + columns.map(\.sentence).joined(separator: "; ") + ")"
  }

  /// Whether it is a regular backup; the newest of these is the latest.
  package var isInOrder: Bool { (kind ?? .manual).isInOrder }

  /// Why it was made, as far as known.
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
      throw BackupError(.unreadableManifest, "\(path) is not a backup manifest")
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

  /// Checks that a manifest belongs to the backup of a name, whose parts it repeats.
  package func check(name: String, path: String) throws(BackupError) {
    guard id == name else {
      throw BackupError(.unreadableManifest, "\(path) is the manifest of \(id)")
    }
    let made = BackupName.make(
      schema: schema, timestamp: Timestamp.compact(createdEpoch), sequence: sequence)
    guard made == name, createdAt == Timestamp.text(createdEpoch) else {
      throw BackupError(
        .unreadableManifest,
        "\(path) was changed: schema, instant or number differ from its name",
        hint: "payops wrote no such manifest; do not trust it")
    }
  }
}

/// Why a backup was made.
package enum BackupKind: String, Codable, Sendable, CaseIterable {
  /// A job made it.
  case scheduled
  /// A person requested it.
  case manual
  /// A restore saved what it replaced.
  case safety
  /// A point-in-time restore brought another backup forward.
  case pointInTime = "point_in_time"

  /// Whether it is one of the regular backups. The others hold states that a restore replaced or
  /// went back to.
  package var isInOrder: Bool { self == .scheduled || self == .manual }
}

/// A difference that a verification found.
package struct VerificationFinding: Codable, Sendable, Equatable {
  /// The check that failed.
  package let check: String
  /// The difference, in one sentence that names the object.
  package let message: String

  /// Describes the finding of a check.
  package init(check: String, message: String) {
    self.check = check
    self.message = message
  }
}
