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
    /// The private server of a directory, started when needed.
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

  /// The schema that is used when none is named.
  package static let usualDatabase = "payops"

  /// Finds the target.
  ///
  /// A server is meant when a host or socket comes from an option, the environment, a URL, the
  /// group [payops] of an option file, or any group of the option file that was named. The
  /// [client] group of the usual files only says where *a* server is, and does not count.
  ///
  /// - Parameters:
  ///   - flags: the settings that options give
  ///   - url: the URL; nil for none
  ///   - optionFile: the only option file to read; nil for the usual ones
  ///   - environment: the variables of the process
  ///   - server: the embedded server, which is meant when no other one is named
  /// - Throws: `SettingsError` for a setting that cannot be used
  package init(
    flags: [ConnectionSettings.Key: String], url: String?, optionFile: String?,
    environment: [String: String] = ProcessInfo.processInfo.environment, or server: EmbeddedServer
  ) throws {
    settings = try ConnectionSettings.resolve(
      flags: flags, url: url, environment: environment, optionFiles: optionFile.map { [$0] })
    database = settings.options.database ?? Self.usualDatabase
    jobFence = environment[JobFence.variable].flatMap { JobFence($0) }
    let namesServer = settings.entries.contains { entry in
      [ConnectionSettings.Key.host.rawValue, ConnectionSettings.Key.socket.rawValue]
        .contains(entry.key)
        && (optionFile != nil || !entry.source.hasSuffix("]") || entry.source.hasSuffix("[payops]"))
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
    let hint =
      if !others.isEmpty {
        "name one with --database: \(others.joined(separator: ", ")); `payops deploy` would make"
          + " \(database)"
      } else if database == Self.usualDatabase {
        "run `payops deploy`"
      } else {
        "check the name of the schema; `payops deploy` would make it"
      }
    return Fault(.configuration, "there is no schema \(database) on the \(description)", hint: hint)
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
    try await server.startAnswering()
    return server.connectionOptions
  }
}
