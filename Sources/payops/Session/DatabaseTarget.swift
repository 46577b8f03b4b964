import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Schema
import Tabular

/// The database that an invocation means: a server that was named, or the embedded one.
struct DatabaseTarget: Sendable {
  /// Where the database is.
  enum Place: Sendable {
    /// A server that somebody else runs.
    case server
    /// The private server of a directory, started when needed.
    case embedded(EmbeddedServer)
  }

  /// Where the database is.
  let place: Place
  /// The schema that holds the payments.
  let database: String
  /// The merged settings, for the server case and for show.
  let settings: ConnectionSettings
  /// The run of a job that this process works for; nil for none.
  private let jobFence: JobFence?

  /// Finds the target.
  ///
  /// A server is meant when a host or socket comes from an option, the environment, a URL, the
  /// group [payops] of an option file, or any group of the file that --defaults-file names. The
  /// [client] group of the usual files only says where *a* server is, and does not count.
  ///
  /// - Parameters:
  ///   - invocation: the invocation
  ///   - environment: the variables of the process
  /// - Throws: `SettingsError` for a setting that cannot be used
  init(
    for invocation: Invocation,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let file = invocation[GlobalOptions.defaultsFile]
    var flags: [ConnectionSettings.Key: String] = [:]
    flags[.host] = invocation[GlobalOptions.host]
    flags[.port] = invocation[GlobalOptions.port].map(String.init)
    flags[.socket] = invocation[GlobalOptions.socket]
    flags[.user] = invocation[GlobalOptions.user]
    flags[.database] = invocation[GlobalOptions.database]
    flags[.tls] = invocation[GlobalOptions.tls]
    flags[.tlsCA] = invocation[GlobalOptions.tlsCA]
    settings = try ConnectionSettings.resolve(
      flags: flags, url: invocation[GlobalOptions.url], environment: environment,
      optionFiles: file.map { [$0] })
    database = settings.options.database ?? GlobalOptions.usualDatabase
    jobFence = environment[JobFence.variable].flatMap { JobFence($0) }
    let namesServer = settings.entries.contains { entry in
      [ConnectionSettings.Key.host.rawValue, ConnectionSettings.Key.socket.rawValue]
        .contains(entry.key)
        && (file != nil || !entry.source.hasSuffix("]") || entry.source.hasSuffix("[payops]"))
    }
    place = namesServer ? .server : .embedded(ServerCommand.server(for: invocation))
  }

  /// The target in words: `db.example:3306` or the directory of the embedded server.
  var description: String {
    switch place {
    case .server: settings.options.endpoint
    case .embedded(let server): "embedded server in \(server.directory.path)"
    }
  }

  /// Opens a connection, after starting the embedded server where that is meant.
  ///
  /// - Parameter selectsDatabase: false to connect without a schema, which may not exist yet
  /// - Returns: the connection
  func connect(selectsDatabase: Bool = true) async throws -> Connection {
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
  func connectForReading(isFresh: Bool) async throws -> Connection {
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
      } else if database == GlobalOptions.usualDatabase {
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
  func connectionOptions() async throws -> ConnectionOptions {
    var options = try await reachableOptions()
    options.database = database
    options.jobFence = jobFence
    return options
  }

  /// How to connect, once the embedded server runs where that is meant.
  private func reachableOptions() async throws -> ConnectionOptions {
    guard case .embedded(let server) = place else { return settings.options }
    _ = try await ServerCommand.start(server)
    return server.connectionOptions
  }
}

extension Invocation {
  /// Runs a piece of work on a connection; a signal cancels the statement that is running.
  ///
  /// - Parameters:
  ///   - selectsDatabase: false to connect without a schema, which may not exist yet
  ///   - body: the work
  /// - Returns: what the work returns
  func withConnection<Value: Sendable>(
    selectsDatabase: Bool = true, _ body: (Connection) async throws -> Value
  ) async throws -> Value {
    try await with(
      try await DatabaseTarget(for: self).connect(selectsDatabase: selectsDatabase), body)
  }

  /// Runs a piece of work that only reads, on the replica where one is named.
  ///
  /// - Parameter body: the work
  /// - Returns: what the work returns
  func withReader<Value: Sendable>(_ body: (Connection) async throws -> Value) async throws
    -> Value
  {
    try await with(
      try await DatabaseTarget(for: self).connectForReading(isFresh: self[GlobalOptions.fresh]),
      body)
  }

  private func with<Value: Sendable>(
    _ connection: Connection, _ body: (Connection) async throws -> Value
  ) async throws -> Value {
    do {
      let value = try await withTaskCancellationHandler {
        try await body(connection)
      } onCancel: {
        Task { try? await connection.cancelRunningStatement() }
      }
      await connection.close()
      return value
    } catch {
      await connection.close()
      throw error
    }
  }
}

extension Invocation {
  /// Refuses to go on when this process works for a run of a job that was replaced; does nothing
  /// for anybody else.
  func checkJobFence() async throws {
    guard ProcessInfo.processInfo.environment[JobFence.variable] != nil else { return }
    try await withConnection { try await $0.checkJobFence() }
  }
}
