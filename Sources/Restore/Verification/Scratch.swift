internal import Backup
internal import EmbeddedServer
internal import Foundation
package import MariaDBClient

/// Where a backup is restored for a verification.
package enum ScratchPlace: Sendable {
  /// A private server that is made for it and removed afterwards, apart from everything else.
  case privateServer
  /// A new schema on a given server.
  case server(ConnectionOptions)
}

/// A schema that holds a restored backup during a verification.
struct Scratch: Sendable {
  /// How to connect; with the schema.
  let options: ConnectionOptions
  /// Name of the schema.
  var schema: String { options.database ?? "" }
  private let place: Place

  /// The directory of a private server, which is removed with it; nil on a given server.
  var directory: String? {
    guard case .own(_, let directory, _) = place else { return nil }
    return directory
  }

  private enum Place: Sendable {
    /// A private server in a directory, which is locked while in use.
    case own(EmbeddedServer, directory: String, lock: BackupFolder.Lock)
    /// A given server; the connection holds a lock with the schema's name.
    case shared(guardian: Connection)
  }

  /// The prefix of every scratch schema's name; no other schema is ever dropped.
  static let prefix = "payops_verify_"

  /// Makes a place, and removes the remains of killed runs there.
  ///
  /// - Parameters:
  ///   - place: a private or a given server.
  ///   - folder: the folder for the files of a private server.
  ///   - manifest: the backup to restore there.
  ///   - schema: name of the schema on a private server; nil for a generated one.
  static func make(
    _ place: ScratchPlace, in folder: BackupFolder, for manifest: BackupManifest,
    schema: String? = nil
  ) async throws -> Scratch {
    let name = prefix + String(UInt64.random(in: UInt64.max / 2...UInt64.max), radix: 36)
    switch place {
    case .server(let options): return try await make(name, on: options)
    case .privateServer:
      sweep(folder)
      try checkSpace(in: folder, for: manifest)
      let (directory, lock) = try makeDirectory(in: folder, name: name)
      var configuration = EmbeddedServer.Configuration.sizedToMachine()
      configuration.isMySQL = manifest.isOfMySQL
      configuration.diesWithParent = true
      // An event of the schema would change rows before they are compared.
      configuration.runsEvents = false
      // A crashed scratch server is never reused, so it need not be durable.
      configuration.flushLogAtCommit = 0
      configuration.extraOptions = ["--skip-innodb-doublewrite", "--innodb-fast-shutdown=2"]
      let server = EmbeddedServer(
        directory: URL(filePath: directory, directoryHint: .isDirectory),
        configuration: configuration)
      do {
        FaultPoint.reach("verify.directory-made")
        var options = try await server.start()
        FaultPoint.reach("verify.server-made")
        options.database = schema ?? name
        return Scratch(
          options: options, place: .own(server, directory: directory, lock: lock))
      } catch {
        try? await server.stop()
        try? FileManager.default.removeItem(atPath: directory)
        throw explained(error, in: folder)
      }
    }
  }

  /// Space that a private server takes before the first row.
  private static let emptyBytes: Int64 = 64 << 20

  /// Checks that there is room for the least that a restore takes: without it a server waits for
  /// space for minutes.
  private static func checkSpace(
    in folder: BackupFolder, for manifest: BackupManifest
  ) throws(BackupError) {
    let needed = emptyBytes + manifest.data.rawBytes / 2
    guard let free = folder.freeBytes, free < needed else { return }
    throw BackupError(
      .noSpace,
      "\(folder.path) has \(free >> 20) MiB free; restoring \(manifest.id) there takes at least"
        + " \((needed >> 20) + 1) MiB",
      hint: "free some space, or restore it on a server with --on server; nothing is known about"
        + " the backup, and nothing was changed")
  }

  /// The log that a server's error names is removed with its directory, so its end is quoted.
  private static func explained(_ error: any Error, in folder: BackupFolder) -> any Error {
    guard let error = error as? EmbeddedServerError else { return error }
    return EmbeddedServerError(
      code: error.code, message: error.message,
      hint: error.code == .programMissing
        ? error.hint
        : "check the free space and the mode of \(folder.path), or use --on server;"
          + " nothing is known about the backup",
      log: error.log)
  }

  /// Whether the rest of a name is one that ``make(_:in:schema:)`` generates.
  private static func isToken(_ text: Substring) -> Bool {
    text.wholeMatch(of: #/[0-9a-z]{8,13}/#) != nil
  }

  // MARK: - On a private server

  private static let directoryPrefix = ".verify-"
  /// The lock file, held while the server is in use.
  private static let lockName = "in-use"

  private static func makeDirectory(
    in folder: BackupFolder, name: String
  ) throws -> (String, BackupFolder.Lock) {
    let directory = "\(folder.path)/\(directoryPrefix)\(name.dropFirst(prefix.count))"
    guard mkdir(directory, 0o700) == 0 else { throw BackupFolder.failure("make", directory) }
    // Another process that is cleaning up right now may be faster.
    guard let lock = try BackupFolder.Lock.take("\(directory)/\(lockName)"),
      access("\(directory)/\(lockName)", F_OK) == 0
    else {
      throw BackupError(
        .busy, "another payops is cleaning up in \(folder.path)",
        hint: "run the same command again")
    }
    return (directory, lock)
  }

  /// Removes the servers of killed runs; these servers ended with the process that made them.
  private static func sweep(_ folder: BackupFolder) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names
    where name.hasPrefix(directoryPrefix) && isToken(name.dropFirst(directoryPrefix.count)) {
      let directory = "\(folder.path)/\(name)"
      guard let lock = try? BackupFolder.Lock.take("\(directory)/\(lockName)") else { continue }
      withExtendedLifetime(lock) { try? FileManager.default.removeItem(atPath: directory) }
    }
  }

  // MARK: - On a given server

  private static func make(_ name: String, on server: ConnectionOptions) async throws -> Scratch {
    var options = server
    options.database = nil
    let guardian = try await Connection.openLasting(options)
    do {
      try await sweep(guardian)
      try await guardian.execute("DO GET_LOCK(?, 0)", [.text(name)])
    } catch {
      await guardian.close()
      throw error
    }
    options.database = name
    return Scratch(options: options, place: .shared(guardian: guardian))
  }

  /// Drops the schemas of killed runs: those whose name is not locked.
  private static func sweep(_ connection: Connection) async throws {
    let names = try await connection.query(
      "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE ?",
      [.text(prefix.replacing("_", with: "\\_") + "%")]
    ).rows.compactMap { $0["name"] }
    for name in names where isToken(name.dropFirst(prefix.count)) {
      let lock = try await connection.query("SELECT GET_LOCK(?, 0) AS taken", [.text(name)])
      guard lock.rows.first?["taken"] == "1" else { continue }
      // A schema that this account may not drop does not prevent the verification.
      _ = try? await connection.execute(
        "DROP DATABASE IF EXISTS \(ObjectInventory.quoted(name))")
      try await connection.execute("DO RELEASE_LOCK(?)", [.text(name)])
    }
  }

  // MARK: - Ending

  /// Drops the schema, or ends the server and removes its files.
  func remove() async {
    switch place {
    case .shared(let guardian):
      if schema.hasPrefix(Self.prefix) {
        _ = try? await guardian.execute("DROP DATABASE IF EXISTS \(ObjectInventory.quoted(schema))")
      }
      await guardian.close()
    case .own(let server, let directory, let lock):
      // Its data are thrown away, so it needs no clean shutdown.
      if let pid = server.processIdentifier {
        kill(pid, SIGKILL)
        while server.processIdentifier == pid { usleep(5000) }
      }
      withExtendedLifetime(lock) { try? FileManager.default.removeItem(atPath: directory) }
    }
  }
}
