import EmbeddedServer
import Foundation
import MariaDBClient
import Tabular

extension DatabaseTarget {
  /// Finds the database that an invocation means.
  ///
  /// - Parameters:
  ///   - invocation: the invocation
  ///   - installs: whether the embedded server is made when there is none
  /// - Throws: `SettingsError` for a setting that cannot be used
  init(for invocation: Invocation, installs: Bool = false) throws {
    var flags: [ConnectionSettings.Key: String] = [:]
    flags[.host] = invocation[GlobalOptions.host]
    flags[.port] = invocation[GlobalOptions.port].map(String.init)
    flags[.socket] = invocation[GlobalOptions.socket]
    flags[.user] = invocation[GlobalOptions.user]
    flags[.database] = invocation[GlobalOptions.database]
    flags[.tls] = invocation[GlobalOptions.tls]
    flags[.tlsCA] = invocation[GlobalOptions.tlsCA]
    let console = invocation.console
    try self.init(
      flags: flags, url: invocation[GlobalOptions.url],
      optionFile: invocation[GlobalOptions.defaultsFile], or: ServerCommand.server(for: invocation),
      namesDirectory: invocation[GlobalOptions.dataDir] != nil, installs: installs,
      note: { console.note($0) })
  }
}

extension Invocation {
  /// Runs a piece of work on a connection; a signal cancels the statement that is running.
  ///
  /// - Parameters:
  ///   - selectsDatabase: false to connect without a schema, which may not exist yet
  ///   - installs: whether the embedded server is made when there is none
  ///   - body: the work
  /// - Returns: what the work returns
  func withConnection<Value: Sendable>(
    selectsDatabase: Bool = true, installs: Bool = false,
    _ body: (Connection) async throws -> Value
  ) async throws -> Value {
    try await DatabaseTarget(for: self, installs: installs)
      .connect(selectsDatabase: selectsDatabase).use(body)
  }

  /// Runs a piece of work that only reads, on the replica where one is named.
  ///
  /// - Parameter body: the work
  /// - Returns: what the work returns
  func withReader<Value: Sendable>(_ body: (Connection) async throws -> Value) async throws
    -> Value
  {
    try await DatabaseTarget(for: self).connectForReading(isFresh: self[GlobalOptions.fresh])
      .use(body)
  }

  /// Refuses to continue when this process works for a run of a job that was replaced; does nothing
  /// for anybody else.
  func checkJobFence() async throws {
    guard ProcessInfo.processInfo.environment[JobFence.variable] != nil else { return }
    try await withConnection { try await $0.checkJobFence() }
  }
}
