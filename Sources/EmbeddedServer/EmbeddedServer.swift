package import Foundation
package import MariaDBClient
internal import Processes

/// A private mariadbd in a directory of its own, reachable by its owner alone.
///
/// The server lives on after this process; only ``stop()`` ends it.
package struct EmbeddedServer: Sendable {
  /// The directory with all files of this server.
  package let directory: URL
  /// Sizes and switches.
  package let configuration: Configuration
  /// TCP port on the loopback address; nil for the Unix socket only.
  package let port: Int?

  /// Describes a server without changing anything.
  ///
  /// - Parameters:
  ///   - directory: the directory of the server; made by ``start()``.
  ///   - configuration: sizes and switches.
  ///   - port: TCP port on the loopback address; nil for the Unix socket only.
  package init(
    directory: URL, configuration: Configuration = .sizedToMachine(), port: Int? = nil
  ) {
    self.directory = directory
    self.configuration = configuration
    self.port = port
  }

  private var layout: ServerLayout { ServerLayout(directory) }

  /// The same server with a binary log; it keeps writing one at every later start.
  ///
  /// - Throws: ``EmbeddedServerError`` when it runs without one.
  package func writingBinaryLog() async throws -> EmbeddedServer {
    if processIdentifier != nil, access(layout.binaryLog + ".index", F_OK) != 0 {
      throw EmbeddedServerError(
        code: .locked, message: "the server in \(layout.root) runs without a binary log",
        hint: "run `payops server stop`, then start it again with --binary-log")
    }
    var configuration = configuration
    configuration.writesBinaryLog = true
    return EmbeddedServer(directory: directory, configuration: configuration, port: port)
  }

  /// How the owner connects: through the Unix socket, without a password.
  package var connectionOptions: ConnectionOptions {
    let user = configuration.isMySQL ? "root" : try? OperatingSystemUser.name()
    return ConnectionOptions(socket: layout.socket, user: user, tls: .preferred)
  }

  /// Path of the server's error log.
  package var errorLogPath: String { layout.errorLog }

  /// The server's process id; nil when it is not running.
  package var processIdentifier: Int32? {
    ServerProcess.find(dataDirectory: layout.data)?.pid
  }

  /// Starts the server, after installing its data directory when there is none.
  ///
  /// - Returns: how to connect; at once when the server runs already.
  /// - Throws: ``EmbeddedServerError``.
  @discardableResult
  package func start() async throws -> ConnectionOptions {
    try makeDirectory()
    let layout = layout
    let lock = try await DirectoryLock(layout.lockFile, deadline: configuration.lockDeadline)
    if let process = ServerProcess.find(dataDirectory: layout.data) {
      let options = connectionOptions
      try await waitUntilReady(process.pid, child: nil, logStart: LogTail.size(layout.errorLog))
      _ = consume lock
      return options
    }
    let programs = try ServerPrograms(
      folders: configuration.programFolders, isMySQL: configuration.isMySQL)
    let version = try await programs.version()
    let data = DataDirectory(layout: layout)
    try prepareFolders()
    if !data.exists {
      try await data.install(
        programs, version, redoLogBytes: redoLogBytes, template: configuration.template)
    }
    try data.check(against: version)
    let logStart = LogTail.size(layout.errorLog)
    let arguments = [programs.server] + (try options())
    let child: ChildProcess
    do throws(ProcessError) {
      child =
        configuration.diesWithParent
        ? try await ChildProcess.bound(arguments, output: .file(layout.errorLog))
        : try ChildProcess(arguments, output: .file(layout.errorLog))
    } catch {
      throw EmbeddedServerError(error)
    }
    try await waitUntilReady(child.pid, child: child, logStart: logStart)
    try await secure()
    try data.record(version)
    _ = consume lock
    return connectionOptions
  }

  /// Stops the server and waits for its end; does nothing when it does not run.
  ///
  /// - Throws: ``EmbeddedServerError`` when it does not end in time; it is never killed.
  package func stop() async throws {
    let layout = layout
    guard access(layout.root, F_OK) == 0 else { return }
    let lock = try await DirectoryLock(layout.lockFile, deadline: configuration.lockDeadline)
    if let process = ServerProcess.find(dataDirectory: layout.data) {
      kill(process.pid, SIGTERM)
      let clock = ContinuousClock()
      let end = clock.now + configuration.stopDeadline
      while process.isAlive {
        guard clock.now < end else {
          throw EmbeddedServerError(
            code: .stopTimedOut, message: "the server with pid \(process.pid) does not end",
            hint: "wait for its transactions to be rolled back, or see \(layout.errorLog)",
            log: LogTail.read(layout.errorLog, lines: 4))
        }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    unlink(layout.socket)
    unlink(layout.pidFile)
    if layout.usesShortFolder { rmdir(layout.shortFolder) }
    _ = consume lock
  }

  /// Determines the state of the server, without changing anything.
  package func status() async -> Status {
    let layout = layout
    if let process = ServerProcess.find(dataDirectory: layout.data) {
      do {
        let connection = try await Connection.open(connectionOptions)
        let version = connection.serverVersion
        await connection.close()
        return .running(
          Running(
            pid: process.pid, socket: process.socket ?? layout.socket, port: process.port,
            version: version))
      } catch {
        return .starting(pid: process.pid)
      }
    }
    return DataDirectory(layout: layout).exists ? .stopped : .notInstalled
  }

  /// The version of the installed mariadbd.
  ///
  /// - Parameter folders: the folders to search.
  /// - Throws: ``EmbeddedServerError`` with the package to install when it is missing.
  package static func installedVersion(
    folders: [String] = ProgramSearch.usualFolders
  ) async throws -> ServerVersion {
    try await ServerPrograms(folders: folders).version()
  }

  /// A remark for the owner when the data come from an older release series; nil otherwise.
  ///
  /// - Throws: ``EmbeddedServerError`` when the server is not installed.
  package func upgradeNote() async throws -> String? {
    let server = try await Self.installedVersion(folders: configuration.programFolders)
    guard let data = DataDirectory(layout: layout).version,
      (data.major, data.minor) < (server.major, server.minor)
    else { return nil }
    return "the data come from MariaDB \(data.major).\(data.minor): after the start with"
      + " \(server.major).\(server.minor) run mariadb-upgrade --socket=\(layout.socket)"
  }
}
