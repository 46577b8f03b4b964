internal import Foundation
internal import MariaDBClient
internal import Processes

/// The data of a private server: created once, atomically, and never opened by an older server.
struct DataDirectory: Sendable {
  let layout: ServerLayout

  /// Whether there is a complete data directory.
  var exists: Bool { access(layout.data, F_OK) == 0 }

  /// The version of the server that used the data last; nil when it is not recorded.
  var version: ServerVersion? {
    let recorded = ["mysql_upgrade_info", "mariadb_upgrade_info"]
      .map { layout.data + "/" + $0 }
    return ([layout.versionFile] + recorded)
      .compactMap { FileManager.default.contents(atPath: $0) }
      .map {
        ServerVersion(
          String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
      }
      .filter { $0.major > 0 }
      .max()
  }

  /// Checks that a server may open the data.
  ///
  /// - Parameter server: the version of the installed server.
  func check(against server: ServerVersion) throws(EmbeddedServerError) {
    guard let version else {
      throw EmbeddedServerError(
        code: .foreignData,
        message: "the data directory \(layout.data) was not made by payops",
        hint: "choose another directory, or connect to the server that owns it")
    }
    guard (version.major, version.minor) <= (server.major, server.minor) else {
      throw EmbeddedServerError(
        code: .newerData,
        message:
          "the data directory \(layout.data) belongs to MariaDB \(version.major).\(version.minor)"
          + ", newer than the installed \(server.major).\(server.minor)",
        hint: "install MariaDB \(version.major).\(version.minor) or newer")
    }
  }

  /// Records that a server has used the data.
  func record(_ server: ServerVersion) throws(EmbeddedServerError) {
    if let version, server <= version { return }
    try write("\(server)\n", to: layout.versionFile)
  }

  /// Makes the data directory, after removing the remains of an interrupted attempt.
  ///
  /// - Parameters:
  ///   - programs: the installed programs.
  ///   - server: the version of the installed server.
  ///   - redoLogBytes: size of the redo log, as the server will be configured.
  ///   - template: a fresh data directory to copy instead.
  func install(
    _ programs: ServerPrograms, _ server: ServerVersion, redoLogBytes: Int64, template: URL?
  ) async throws(EmbeddedServerError) {
    let unfinished = layout.unfinishedData
    if access(unfinished, F_OK) == 0 { try remove(unfinished) }
    if let template {
      do {
        // No trailing slash: with one, Foundation loses the subdirectories.
        try FileManager.default.copyItem(
          atPath: ServerLayout(template).root, toPath: unfinished)
      } catch {
        throw EmbeddedServerError(
          code: .installFailed, message: "cannot copy the data directory to \(unfinished)",
          log: "\(error)")
      }
    } else if let installer = programs.installer {
      try await runInstaller(installer, redoLogBytes: redoLogBytes)
    } else {
      try await initialise(by: programs.server)
    }
    try write("\(server)\n", to: unfinished + "/payops-server-version")
    guard rename(unfinished, layout.data) == 0 else {
      throw EmbeddedServerError(
        code: .installFailed,
        message: "cannot rename \(unfinished): \(String(cString: strerror(errno)))")
    }
  }

  private func runInstaller(_ installer: String, redoLogBytes: Int64)
    async throws(EmbeddedServerError)
  {
    let user = try OperatingSystemUser.name()
    // The installer is a shell script that fails on a space in the path, so it gets a link.
    try layout.makeShortFolder()
    layout.removeDanglingLinks()
    let link = layout.shortFolder + "/root"
    unlink(link)
    guard symlink(layout.root, link) == 0 else {
      throw EmbeddedServerError(
        code: .installFailed,
        message: "cannot make the link \(link): \(String(cString: strerror(errno)))")
    }
    defer {
      unlink(link)
      layout.removeUnusedShortFolder()
    }
    unlink(layout.installLog)
    var arguments = [
      installer, "--no-defaults", "--auth-root-authentication-method=socket",
      "--auth-root-socket-user=\(user)", "--skip-test-db", "--skip-name-resolve",
      "--datadir=\(link)/data.installing", "--innodb-flush-log-at-trx-commit=0",
      "--innodb-log-file-size=\(redoLogBytes)",
      // In a shared folder any other server would delete its temporary tables at its start.
      "--tmpdir=\(link)/tmp",
    ]
    if geteuid() == 0 { arguments.append("--user=\(user)") }
    try await run(arguments, makes: "mysql/global_priv.frm")
  }

  /// Lets a MySQL make its data itself, with a root account without a password.
  private func initialise(by server: String) async throws(EmbeddedServerError) {
    unlink(layout.installLog)
    var arguments = [
      server, "--no-defaults", "--initialize-insecure", "--datadir=\(layout.unfinishedData)",
      "--tmpdir=\(layout.temporary)", "--innodb-flush-log-at-trx-commit=0",
    ]
    if geteuid() == 0 { arguments.append("--user=\(try OperatingSystemUser.name())") }
    try await run(arguments, makes: "mysql.ibd")
  }

  /// Runs an installer.
  ///
  /// - Parameters:
  ///   - arguments: the program and its arguments.
  ///   - file: what is in the data directory when it is complete.
  private func run(_ arguments: [String], makes file: String) async throws(EmbeddedServerError) {
    let child: ChildProcess
    do throws(ProcessError) {
      child = try ChildProcess(arguments, output: .file(layout.installLog))
    } catch {
      throw EmbeddedServerError(error)
    }
    // A server without disk space waits for some, and the installer with it.
    let status = await child.wait(deadline: .seconds(180)) { hasNoRoom }
    if status != 0, hasNoRoom {
      try? remove(layout.unfinishedData)
      throw EmbeddedServerError(
        code: .installFailed, message: "there is no space for a data directory in \(layout.root)",
        hint: "free some space on the disk of \(layout.root)")
    }
    let isComplete = access(layout.unfinishedData + "/\(file)", F_OK) == 0
    guard status == 0, isComplete else {
      let log = InstallerOutput.failure(LogTail.read(layout.installLog, lines: 60))
      try? remove(layout.unfinishedData)
      throw EmbeddedServerError(
        code: .installFailed,
        message: "cannot initialise the data directory in \(layout.root) (status \(status))",
        hint: "check the free disk space and \(layout.installLog)", log: log)
    }
  }

  /// Whether the disk is full, except for space that a server never uses.
  private var hasNoRoom: Bool {
    var space = statvfs()
    guard statvfs(layout.root, &space) == 0 else { return false }
    return UInt64(space.f_bavail) * UInt64(space.f_frsize) < 256 << 10
  }

  private func remove(_ path: String) throws(EmbeddedServerError) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw EmbeddedServerError(
        code: .directoryUnusable, message: "cannot remove \(path)", log: "\(error)")
    }
  }

  private func write(_ text: String, to path: String) throws(EmbeddedServerError) {
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw EmbeddedServerError(
        code: .directoryUnusable, message: "cannot write \(path)", log: "\(error)")
    }
  }
}
