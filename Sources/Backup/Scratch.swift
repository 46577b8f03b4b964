internal import EmbeddedServer
internal import Foundation
package import MariaDBClient

/// Where a backup is restored to be looked at.
package enum ScratchPlace: Sendable {
  /// A private server that is made for it and removed afterwards: nothing else can be touched.
  case privateServer
  /// A schema of its own on a server that somebody names.
  case server(ConnectionOptions)
}

/// A schema that holds a restored backup for as long as it is looked at.
struct Scratch: Sendable {
  /// How to connect; with the schema.
  let options: ConnectionOptions
  /// Name of the schema.
  var schema: String { options.database ?? "" }
  private let server: EmbeddedServer?
  private let directory: String?

  /// Every scratch schema's name begins with this, and no other schema is ever dropped.
  static let prefix = "payops_verify_"

  /// Makes a place.
  ///
  /// - Parameters:
  ///   - place: where.
  ///   - folder: where the files of a private server go; removed when they are left over.
  ///   - schema: name of the schema on a private server; nil for one of its own.
  static func make(
    _ place: ScratchPlace, in folder: BackupFolder, schema: String? = nil
  ) async throws -> Scratch {
    let name = prefix + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    switch place {
    case .server(var options):
      options.database = nil
      let connection = try await Connection.open(options)
      await connection.close()
      options.database = name
      return Scratch(options: options, server: nil, directory: nil)
    case .privateServer:
      let directory = "\(folder.path)/.verify-\(getpid())-\(name.dropFirst(prefix.count))"
      sweep(folder)
      var configuration = EmbeddedServer.Configuration.sizedToMachine()
      configuration.diesWithParent = true
      // A scratch that does not survive a crash is made anew.
      configuration.flushLogAtCommit = 0
      configuration.extraOptions = ["--skip-innodb-doublewrite", "--innodb-fast-shutdown=2"]
      let server = EmbeddedServer(
        directory: URL(filePath: directory, directoryHint: .isDirectory),
        configuration: configuration)
      do {
        var options = try await server.start()
        options.database = schema ?? name
        return Scratch(options: options, server: server, directory: directory)
      } catch {
        try? await server.stop()
        try? FileManager.default.removeItem(atPath: directory)
        throw error
      }
    }
  }

  /// Removes the servers of killed runs; they ended with the process that made them.
  private static func sweep(_ folder: BackupFolder) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasPrefix(".verify-") {
      let parts = name.split(separator: "-")
      guard parts.count == 3, let pid = pid_t(parts[1]), access("/proc/\(pid)", F_OK) != 0
      else { continue }
      try? FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    }
  }

  /// Drops the schema, or ends the server and removes its files.
  func remove() async {
    guard let server, let directory else {
      guard schema.hasPrefix(Self.prefix) else { return }
      var options = options
      options.database = nil
      guard let connection = try? await Connection.open(options) else { return }
      try? await connection.execute("DROP DATABASE IF EXISTS \(ObjectInventory.quoted(schema))")
      await connection.close()
      return
    }
    // Nothing in it is worth a clean end.
    if let pid = server.processIdentifier {
      kill(pid, SIGKILL)
      while server.processIdentifier == pid { usleep(5000) }
    }
    try? FileManager.default.removeItem(atPath: directory)
  }
}
