internal import Foundation
internal import MariaDBClient
internal import Processes

extension EmbeddedServer {
  private var layout: ServerLayout { ServerLayout(directory) }

  /// Makes the directory of the server, private to its owner.
  func makeDirectory() throws(EmbeddedServerError) {
    let path = directory.standardizedFileURL.path(percentEncoded: false)
    guard path.utf8.count <= ServerLayout.longestDirectory else {
      throw EmbeddedServerError(
        code: .directoryUnusable,
        message: "the path of the directory is longer than \(ServerLayout.longestDirectory) bytes",
        hint: "choose a directory with a shorter path")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw EmbeddedServerError(
        code: .directoryUnusable, message: "cannot make the directory \(path)",
        hint: "check the owner and the mode of its parent, and the free disk space")
    }
  }

  /// Makes the folders beside the data and removes the remains of a killed server.
  func prepareFolders() throws(EmbeddedServerError) {
    let layout = layout
    unlink(layout.pidFile)
    unlink(layout.socket)
    if layout.usesShortFolder { try layout.makeShortFolder() }
    guard mkdir(layout.temporary, 0o700) == 0 || errno == EEXIST else {
      throw EmbeddedServerError(
        code: .directoryUnusable,
        message: "cannot make \(layout.temporary): \(String(cString: strerror(errno)))",
        hint: "check the owner of the directory and the free disk space")
    }
  }

  /// The redo log size that suits the free disk space.
  var redoLogBytes: Int64 {
    var space = statvfs()
    let free =
      statvfs(layout.root, &space) == 0
      ? Int64(clamping: space.f_bavail) * Int64(clamping: space.f_frsize) : Int64.max
    return configuration.redoLogBytes(freeBytes: free)
  }

  /// The options of the server.
  func options() throws(EmbeddedServerError) -> [String] {
    let layout = layout
    var options = [
      "--no-defaults",
      "--datadir=\(layout.data)",
      "--socket=\(layout.socket)",
      "--pid-file=\(layout.pidFile)",
      "--log-error=\(layout.errorLog)",
      "--tmpdir=\(layout.temporary)",
      "--secure-file-priv=\(layout.temporary)",
      "--character-set-server=utf8mb4",
      "--sql-mode=STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
        + "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
      "--default-time-zone=+00:00",
      "--event-scheduler=\(configuration.runsEvents ? "ON" : "OFF")",
      "--local-infile=ON",
      "--skip-name-resolve",
      "--max-allowed-packet=64M",
      "--max-connections=\(configuration.maxConnections)",
      "--innodb-buffer-pool-size=\(configuration.bufferPoolBytes)",
      "--innodb-buffer-pool-dump-at-shutdown=OFF",
      "--innodb-buffer-pool-load-at-startup=OFF",
      "--innodb-flush-log-at-trx-commit=\(configuration.flushLogAtCommit)",
      "--innodb-lock-wait-timeout=\(configuration.lockWaitSeconds)",
      "--tmp-table-size=\(configuration.temporaryTableBytes)",
      "--max-heap-table-size=\(configuration.temporaryTableBytes)",
    ]
    if configuration.isMySQL {
      options += [
        "--innodb-redo-log-capacity=\(redoLogBytes)", "--mysqlx=OFF", "--skip-log-bin",
      ]
    } else {
      options += [
        "--innodb-log-file-size=\(redoLogBytes)",
        "--aria-pagecache-buffer-size=\(configuration.ariaCacheBytes)",
        "--performance-schema=OFF",
        // Only administrators set the clock of a session, as a replay of binary logs must.
        "--secure-timestamp=SUPER",
      ]
    }
    if geteuid() == 0 { options.append("--user=\(try OperatingSystemUser.name())") }
    if let port {
      options += ["--bind-address=127.0.0.1", "--port=\(port)"]
    } else {
      options.append("--skip-networking")
    }
    // A server that has written a binary log keeps writing one: a gap would make it useless.
    if configuration.writesBinaryLog || access(layout.binaryLog + ".index", F_OK) == 0 {
      options += [
        "--log-bin=\(layout.binaryLog)", "--server-id=1", "--binlog-format=ROW",
        "--sync-binlog=1", "--binlog-expire-logs-seconds=\(14 * 86_400)",
      ]
    }
    return options + configuration.extraOptions
  }

  /// Waits until the server answers.
  ///
  /// - Parameters:
  ///   - pid: the process.
  ///   - child: the same process, if it is a child of this one.
  ///   - logStart: where in the error log this start begins.
  func waitUntilReady(_ pid: pid_t, child: ChildProcess?, logStart: UInt64)
    async throws(EmbeddedServerError)
  {
    let layout = layout
    let clock = ContinuousClock()
    let end = clock.now + configuration.startDeadline
    var lastError = ""
    while true {
      let hasEnded = child.map { $0.exitStatus() != nil } ?? (ServerProcess(pid: pid) == nil)
      if hasEnded {
        throw EmbeddedServerError(
          code: .startFailed, message: "the server ended while starting",
          hint: "check the free disk space, the port and \(layout.errorLog)",
          log: LogTail.read(layout.errorLog, from: logStart, lines: 8))
      }
      if access(layout.socket, F_OK) == 0 {
        do {
          let connection = try await Connection.open(connectionOptions)
          await connection.close()
          return
        } catch {
          if error.code == .accessDenied {
            throw EmbeddedServerError(
              code: .startFailed, message: "the server does not accept its owner",
              hint: "use the account that made the directory", log: error.debugDescription)
          }
          lastError = error.debugDescription
        }
      }
      guard clock.now < end, !Task.isCancelled else {
        throw EmbeddedServerError(
          code: .startTimedOut, message: "the server with pid \(pid) does not answer",
          hint: "see \(layout.errorLog)",
          log: lastError + "\n" + LogTail.read(layout.errorLog, from: logStart, lines: 8))
      }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }

  /// Keeps only the owner's account, which the operating system authenticates.
  func secure() async throws {
    let marker = layout.securedFile
    // A scratch MySQL stays as it was made: only its owner may enter the folder of its socket.
    guard !configuration.isMySQL, access(marker, F_OK) != 0 else { return }
    let owner = try OperatingSystemUser.name()
    let connection = try await Connection.open(connectionOptions)
    // With CURRENT_USER() in place of the name the server reports success and changes nothing.
    let name = owner.replacingOccurrences(of: "`", with: "``")
    try await connection.execute("ALTER USER `\(name)`@localhost IDENTIFIED VIA unix_socket")
    if owner != "root" {
      try await connection.execute("DROP USER IF EXISTS root@localhost")
    }
    await connection.close()
    try Data("\(owner)\n".utf8).write(to: URL(filePath: marker))
  }
}
