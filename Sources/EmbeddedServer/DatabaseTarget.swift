internal import Foundation
package import MariaDBClient
internal import PayopsCore
internal import Schema

/// The database that a command means: a server that was named, or the embedded one.
package struct DatabaseTarget: Sendable {
  /// Where the database is.
  package enum Place: Sendable {
    /// A server that somebody else runs.
    case server
    /// The private server of a directory, started when it is stopped.
    case embedded(EmbeddedServer)
  }

  /// Where the database is.
  package let place: Place
  /// The schema that holds the payments.
  package let database: String
  /// The merged settings, for the server case and for show.
  package let settings: ConnectionSettings
  /// The run of a job that this process works for; nil for none.
  private let jobFence: JobFence?
  /// Whether a server that the directory does not hold yet is made there.
  private let installs: Bool
  /// Receives what people should know of the way to the server.
  private let note: @Sendable (String) -> Void

  /// The schema that is used when none is named.
  package static let usualDatabase = "payops"

  /// Finds the target.
  ///
  /// A server is meant when a host or socket comes from an option, the environment, a URL, the
  /// group [payops] of an option file, or any group of an option file of the user: the one that was
  /// named, or `~/.my.cnf`. The other groups of the files of the machine, below `/etc`, only say
  /// where *a* server is, and do not count: a package that is installed there would hide the
  /// embedded server. A directory that is named by an option counts more than all but options.
  ///
  /// - Parameters:
  ///   - flags: the settings that options give
  ///   - url: the URL; nil for none
  ///   - optionFile: the only option file to read; nil for the usual ones
  ///   - environment: the variables of the process
  ///   - server: the embedded server, which is meant when no other one is named
  ///   - namesDirectory: whether an option names the directory of the embedded server
  ///   - installs: whether the embedded server is made when there is none; only for work that is
  ///     known to do so, so that a mistyped directory costs nothing
  ///   - note: receives what people should know: that a stopped server is started, or one is made
  /// - Throws: `SettingsError` for a setting that cannot be used
  package init(
    flags: [ConnectionSettings.Key: String], url: String?, optionFile: String?,
    environment: [String: String] = ProcessInfo.processInfo.environment, or server: EmbeddedServer,
    namesDirectory: Bool = false, installs: Bool = false,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.installs = installs
    self.note = note
    settings = try ConnectionSettings.resolve(
      flags: flags, url: url, environment: environment, optionFiles: optionFile.map { [$0] })
    database = settings.options.database ?? Self.usualDatabase
    jobFence = environment[JobFence.variable].flatMap { JobFence($0) }
    let namesServer = settings.entries.contains { entry in
      [ConnectionSettings.Key.host.rawValue, ConnectionSettings.Key.socket.rawValue]
        .contains(entry.key)
        && (!namesDirectory || entry.source.hasPrefix("--") || url != nil || optionFile != nil)
        && (optionFile != nil || !entry.source.hasSuffix("]") || entry.source.hasSuffix("[payops]")
          || !entry.source.hasPrefix("/etc/"))
    }
    place = namesServer ? .server : .embedded(server)
  }

  /// The target in words: `db.example:3306` or the directory of the embedded server.
  package var description: String {
    switch place {
    case .server: settings.options.endpoint
    case .embedded(let server): "embedded server in \(server.directory.path)"
    }
  }

  /// The target with the server's version, for people who must know what they are about to change.
  ///
  /// - Parameter connection: a connection to it
  package func description(on connection: Connection) -> String {
    "schema \(database) on the \(place.isEmbedded ? "" : "server ")\(description)"
      + " (\(connection.serverVersion.short))"
  }

  /// Opens a connection, after starting the embedded server where that is meant.
  ///
  /// - Parameter selectsDatabase: false to connect without a schema, which may not exist yet
  /// - Returns: the connection
  package func connect(selectsDatabase: Bool = true) async throws -> Connection {
    var options = try await reachableOptions()
    options.database = selectsDatabase ? database : nil
    options.jobFence = jobFence
    do throws(DatabaseError) {
      return try await Connection.open(options)
    } catch {
      throw await explained(error, options)
    }
  }

  /// Opens a connection for reading: to the replica where one is named, else to the server.
  ///
  /// - Parameter isFresh: whether the replica must first have what the server has committed now
  /// - Returns: the connection
  package func connectForReading(isFresh: Bool) async throws -> Connection {
    let options = try await connectionOptions()
    guard let endpoint = options.readEndpoint else { return try await connect() }
    let replica = try await Connection.open(endpoint.options(from: options))
    guard isFresh else { return replica }
    do {
      let server = try await connect()
      try await replica.catchUp(with: server)
      await server.close()
      return replica
    } catch {
      await replica.close()
      throw error
    }
  }

  /// Says what a missing schema means here; any other error stays as it is.
  private func explained(_ error: DatabaseError, _ options: ConnectionOptions) async -> any Error {
    guard error.errno == 1049 else { return error }
    let others = await deployedSchemas(options)
    let make = "`payops deploy\(database == Self.usualDatabase ? "" : " --database \(database)")`"
    let hint: String
    if let near = nearestWord(to: database, among: others) {
      hint = "did you mean --database \(near)? \(make) would make a new one"
    } else if !others.isEmpty {
      hint =
        "schemas of payops there: \(others.prefix(5).joined(separator: ", "))"
        + (others.count > 5 ? " and \(others.count - 5) more" : "") + "; name one with --database;"
        + " \(make) would make a new one"
    } else {
      hint = "no schema of payops is there that the account can see; \(make) makes this one"
    }
    return Fault(
      .configuration,
      "there is no schema \(database) on the \(place.isEmbedded ? "" : "server ")\(description)",
      hint: hint)
  }

  /// The schemas of payops that the account can see.
  private func deployedSchemas(_ options: ConnectionOptions) async -> [String] {
    var options = options
    options.database = nil
    guard let connection = try? await Connection.open(options) else { return [] }
    let found = try? await SchemaLookup.deployed(on: connection)
    await connection.close()
    return found ?? []
  }
}

extension DatabaseTarget {
  /// How to connect, with the schema, once the embedded server runs where that is meant.
  ///
  /// - Returns: the options for work that opens connections of its own
  package func connectionOptions() async throws -> ConnectionOptions {
    var options = try await reachableOptions()
    options.database = database
    options.jobFence = jobFence
    return options
  }

  /// How to connect, once the embedded server runs where that is meant.
  private func reachableOptions() async throws -> ConnectionOptions {
    guard case .embedded(let server) = place else { return settings.options }
    switch await server.status() {
    case .notInstalled:
      guard installs else { throw server.absence }
      note("there is no server in \(server.directory.path) yet: one is made there")
    case .stopped: note("starting the stopped server in \(server.directory.path)")
    case .starting, .running: break
    }
    try await server.startAnswering()
    return server.connectionOptions
  }
}

extension DatabaseTarget.Place {
  /// Whether the embedded server is meant.
  var isEmbedded: Bool {
    if case .embedded = self { return true }
    return false
  }
}
