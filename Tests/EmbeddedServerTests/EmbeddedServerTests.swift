import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import EmbeddedServer

@Suite("Embedded server", .timeLimit(.minutes(5)))
struct EmbeddedServerTests {
  /// A server that ends with the tests, in a directory below a temporary one.
  private func server(
    at directory: URL, _ change: (inout EmbeddedServer.Configuration) -> Void = { _ in }
  ) -> EmbeddedServer {
    var configuration = EmbeddedServer.Configuration.minimal
    configuration.runsEvents = true
    configuration.diesWithParent = true
    configuration.extraOptions = ["--skip-innodb-doublewrite"]
    change(&configuration)
    return EmbeddedServer(directory: directory, configuration: configuration)
  }

  private func pid(_ status: EmbeddedServer.Status) -> Int32? {
    if case .running(let running) = status { running.pid } else { nil }
  }

  @Test("the embedded server installs, starts, stops and restarts, from a path with blanks")
  func life() async throws {
    let parent = try TemporaryDirectory.make("life")
    let server = server(at: parent.appending(path: "it's a \"path\" with  blanks ünd mehr"))
    #expect(await server.status() == .notInstalled)
    let options = try await server.start()
    #expect(options.socket?.hasSuffix("server.sock") == true)
    let first = await server.status()
    #expect(pid(first) == server.processIdentifier)
    #expect(try await server.start() == options)
    #expect(await server.status() == first)

    let connection = try await Connection.open(options)
    try await connection.runScript("CREATE DATABASE kept; CREATE TABLE kept.t (n INT)")
    let row = try #require(
      try await connection.query(
        """
        SELECT @@character_set_server AS charset, @@global.time_zone AS zone,
          @@global.sql_mode AS mode, @@event_scheduler AS scheduler, @@local_infile AS local_data,
          @@skip_networking AS socket_only, @@log_bin AS binary_log, @@performance_schema AS perf
        """
      ).rows.first)
    #expect(row["charset"] == "utf8mb4")
    #expect(row["zone"] == "+00:00")
    #expect(row["mode"]?.contains("STRICT_TRANS_TABLES") == true)
    #expect([row["scheduler"], row["local_data"], row["socket_only"]] == ["ON", "1", "1"])
    #expect([row["binary_log"], row["perf"]] == ["0", "0"])
    await connection.close()

    try await server.stop()
    try await server.stop()
    #expect(await server.status() == .stopped)
    #expect(server.processIdentifier == nil)
    try await server.start()
    let again = try await Connection.open(options)
    let kept = try await again.query("SHOW TABLES FROM kept").rows
    #expect(kept.count == 1)
    await again.close()
    try await server.stop()
  }

  @Test("the only account is that of the owner, authenticated by the operating system")
  func accounts() async throws {
    let dedicated = try await TestServer.privateServer()
    let connection = try await Connection.open(dedicated.connectionOptions)
    let accounts = try await connection.query(
      "SELECT user, host, plugin, authentication_string FROM mysql.user ORDER BY user"
    ).rows.filter { $0["User"] != "mariadb.sys" && $0["user"] != "mariadb.sys" }
    #expect(accounts.count == 1)
    #expect(accounts.first?.values.first == dedicated.connectionOptions.user)
    #expect(accounts.first?["plugin"] == "unix_socket")
    let databases = try await connection.query("SHOW DATABASES LIKE 'test'").rows
    #expect(databases.isEmpty)
    await connection.close()
    try await dedicated.remove()
  }

  @Test("a path too long for a socket gets a short private folder for it")
  func longPath() async throws {
    var directory = try TemporaryDirectory.make("long")
    for _ in 1...5 { directory.append(path: String(repeating: "long name ", count: 5)) }
    let server = server(at: directory)
    let options = try await server.start()
    let socket = try #require(options.socket)
    #expect(socket.utf8.count <= 107)
    let folder = (socket as NSString).deletingLastPathComponent
    let attributes = try FileManager.default.attributesOfItem(atPath: folder)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    try await server.stop()
    let tooLong = self.server(
      at: directory.appending(path: String(repeating: "x", count: 200)))
    let error = await #expect(throws: EmbeddedServerError.self) { try await tooLong.start() }
    #expect(error?.code == .directoryUnusable)
  }

  @Test("a killed server is recovered in spite of the files that it left behind")
  func killed() async throws {
    let dedicated = try await TestServer.privateServer()
    let connection = try await Connection.open(dedicated.connectionOptions)
    try await connection.runScript(
      "CREATE DATABASE d; CREATE TABLE d.t (n INT); INSERT INTO d.t VALUES (1)")
    try await dedicated.kill()
    #expect(await dedicated.server.status() == .stopped)
    // A stale pid file that names another living process must not be trusted.
    let pidFile = dedicated.directory.appending(path: "server.pid")
    try Data("\(getpid())\n".utf8).write(to: pidFile)
    try await dedicated.server.stop()
    try await dedicated.restart()
    let again = try await Connection.open(dedicated.connectionOptions)
    let rows = try await again.query("SELECT n FROM d.t").rows
    #expect(rows.count == 1)
    try await dedicated.remove()
  }

  @Test("two concurrent starts make one server")
  func concurrentStarts() async throws {
    let directory = try TemporaryDirectory.make("race").appending(path: "server")
    let server = server(at: directory)
    try await withThrowingTaskGroup(of: ConnectionOptions.self) { group in
      for _ in 1...4 { group.addTask { try await server.start() } }
      for try await options in group { #expect(options == server.connectionOptions) }
    }
    let log = try String(contentsOfFile: server.errorLogPath, encoding: .utf8)
    #expect(log.components(separatedBy: "ready for connections").count == 2)
    try await server.stop()
  }

  @Test("an interrupted installation is repeated")
  func interruptedInstall() async throws {
    let directory = try TemporaryDirectory.make("half").appending(path: "server")
    let unfinished = directory.appending(path: "data.installing/mysql")
    try FileManager.default.createDirectory(at: unfinished, withIntermediateDirectories: true)
    try Data("half".utf8).write(to: unfinished.appending(path: "db.frm"))
    let server = server(at: directory)
    #expect(await server.status() == .notInstalled)
    try await server.start()
    #expect(pid(await server.status()) != nil)
    #expect(!FileManager.default.fileExists(atPath: unfinished.path))
    try await server.stop()
  }

  @Test("data of a newer server are refused, data of an older one get a note")
  func versions() async throws {
    let dedicated = try await TestServer.privateServer()
    let server = dedicated.server
    try await server.stop()
    let file = dedicated.directory.appending(path: "data/payops-server-version")
    // Servers have another name for it since 11.0.
    let later = dedicated.directory.appending(path: "data/mariadb_upgrade_info")
    let recorded =
      FileManager.default.fileExists(atPath: later.path)
      ? later : dedicated.directory.appending(path: "data/mysql_upgrade_info")
    try Data("99.1.2-MariaDB\n".utf8).write(to: file)
    let error = await #expect(throws: EmbeddedServerError.self) { try await server.start() }
    #expect(error?.code == .newerData)
    #expect(error?.description.contains("MariaDB 99.1") == true)
    try Data("10.5.9-MariaDB\n".utf8).write(to: file)
    try Data("99.1.2-MariaDB".utf8).write(to: recorded)
    let other = await #expect(throws: EmbeddedServerError.self) { try await server.start() }
    #expect(other?.code == .newerData)
    try Data("10.5.9-MariaDB".utf8).write(to: recorded)
    let note = try await server.upgradeNote()
    #expect(note?.contains("MariaDB 10.5") == true)
    try FileManager.default.removeItem(at: file)
    try FileManager.default.removeItem(at: recorded)
    let foreign = await #expect(throws: EmbeddedServerError.self) { try await server.start() }
    #expect(foreign?.code == .foreignData)
    try await dedicated.remove()
  }

  @Test("a missing mariadbd names the package to install")
  func missingProgram() async throws {
    let server = server(at: try TemporaryDirectory.make("none")) {
      $0.programFolders = ["/nonexistent"]
    }
    let error = await #expect(throws: EmbeddedServerError.self) { try await server.start() }
    #expect(error?.code == .programMissing)
    #expect(error?.hint == "apt-get install mariadb-server-core")
  }

  @Test("a directory that cannot be created is a clear error")
  func unusableDirectory() async throws {
    let file = try TemporaryDirectory.make("file").appending(path: "file")
    try Data().write(to: file)
    let server = server(at: file.appending(path: "server"))
    let error = await #expect(throws: EmbeddedServerError.self) { try await server.start() }
    #expect(error?.code == .directoryUnusable)
    #expect(error?.hint != nil)
  }

  @Test("a server that ends while starting shows the end of its error log")
  func failedStart() async throws {
    let server = server(at: try TemporaryDirectory.make("bad").appending(path: "server")) {
      $0.extraOptions = ["--no-such-option"]
    }
    let error = await #expect(throws: EmbeddedServerError.self) { try await server.start() }
    #expect(error?.code == .startFailed)
    #expect(error?.log.contains("no-such-option") == true)
    #expect(await server.status() == .stopped)
  }

  @Test("in a container its limit counts, where that is below the memory of the machine")
  func containerLimit() throws {
    let directory = try TemporaryDirectory.make("limits")
    func available(_ contents: String?) throws -> Int64 {
      let file = directory.appending(path: "memory.max")
      try? FileManager.default.removeItem(at: file)
      if let contents { try contents.write(to: file, atomically: true, encoding: .utf8) }
      return EmbeddedServer.Configuration.availableMemory(of: 8 << 30, files: [file.path])
    }
    #expect(try available(nil) == 8 << 30)
    #expect(try available("max\n") == 8 << 30)
    #expect(try available("1073741824\n") == 1 << 30)
    #expect(try available("9223372036854771712\n") == 8 << 30)
  }

  @Test("sizes follow the memory and the free disk space within their limits")
  func sizes() {
    func sized(_ gibibytes: Double) -> EmbeddedServer.Configuration {
      .sizedToMachine(memoryBytes: Int64(gibibytes * Double(1 << 30)))
    }
    #expect(sized(0.25).bufferPoolBytes == 128 << 20)
    #expect(sized(8).bufferPoolBytes == 2 << 30)
    #expect(sized(8).temporaryTableBytes == 512 << 20)
    #expect(sized(64).bufferPoolBytes == 4 << 30)
    #expect(sized(64).temporaryTableBytes == 1 << 30)
    #expect(sized(8).redoLogBytes(freeBytes: 1 << 40) == 1 << 30)
    #expect(sized(8).redoLogBytes(freeBytes: 1 << 30) == (1 << 30) / 10)
    #expect(sized(8).redoLogBytes(freeBytes: 0) == 16 << 20)
  }
}
