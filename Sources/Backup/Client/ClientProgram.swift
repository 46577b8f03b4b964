internal import Foundation
package import MariaDBClient
internal import PayopsCore
internal import Processes

/// A client program of the server's maker: mariadb-dump, mariadb-binlog or mysqldump.
package struct ClientProgram: Sendable {
  /// Path of the program.
  package let path: String
  /// Whether it is MySQL's.
  let isMySQL: Bool
  /// Its version, as it prints it.
  let version: String

  /// Finds a program and asks for its version.
  ///
  /// - Parameters:
  ///   - names: its names, the best first.
  ///   - folders: where to look.
  /// - Throws: ``BackupError/Code/toolMissing``; ``BackupError/Code/unsupported`` for MySQL's own,
  ///   which do not know all that MariaDB writes.
  package static func find(
    _ names: [String], in folders: [String] = ProgramSearch.usualFolders
  ) async throws -> ClientProgram {
    guard let path = names.lazy.compactMap({ ProgramSearch.find($0, in: folders) }).first else {
      throw BackupError(
        .toolMissing, "\(names[0]) is not installed", hint: "apt-get install mariadb-client")
    }
    let version = try await version(of: path)
    guard isMariaDB(path, version) else {
      throw BackupError(
        .unsupported, "\(path) is not MariaDB's: \(version)",
        hint: "apt-get install mariadb-client")
    }
    return ClientProgram(path: path, isMySQL: false, version: version)
  }

  /// Finds the program that dumps a server: each product's own knows what that one has.
  ///
  /// - Parameters:
  ///   - isMySQL: whether the server is MySQL.
  ///   - folders: where to look; MariaDB installs its own under the name of MySQL's.
  /// - Throws: ``BackupError/Code/toolMissing``; ``BackupError/Code/unsupported``.
  package static func dump(
    ofMySQL isMySQL: Bool, in folders: [String] = ProgramSearch.usualFolders
  ) async throws -> ClientProgram {
    guard isMySQL else { return try await find(["mariadb-dump", "mysqldump"], in: folders) }
    for folder in folders {
      guard let path = ProgramSearch.find("mysqldump", in: [folder]) else { continue }
      let version = try await version(of: path)
      if !isMariaDB(path, version) {
        return ClientProgram(path: path, isMySQL: true, version: version)
      }
    }
    throw BackupError(
      .toolMissing, "mysqldump of MySQL is not installed",
      hint: "install MySQL's client programs, and put their folder first into PATH where MariaDB's"
        + " mysqldump is there, too")
  }

  private static func version(of path: String) async throws -> String {
    try await ChildProcess.output(of: [path, "--no-defaults", "--version"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// MariaDB's mysqldump is a link to mariadb-dump; the binlog tool does not name its maker.
  private static func isMariaDB(_ path: String, _ version: String) -> Bool {
    let real = URL(filePath: path).resolvingSymlinksInPath().lastPathComponent
    return real.hasPrefix("mariadb") || version.contains("MariaDB")
  }

  /// Runs the program against a server and passes on its output.
  ///
  /// The credentials are in an option file without a name, which the program gets as an open
  /// descriptor: no file is left behind, and nothing shows in /proc.
  ///
  /// - Parameters:
  ///   - arguments: the arguments after the option file.
  ///   - options: how to connect.
  ///   - zone: the time zone of the program; nil for that of this process.
  ///   - gate: holds the started program back; nil to let it run at once.
  ///   - onChunk: gets the output, on a thread of its own; when it throws, the program is stopped.
  /// - Throws: what `onChunk` throws; ``BackupError/Code/toolFailed`` with the last lines of the
  ///   program when its exit status is not 0.
  package func run(
    _ arguments: [String], options: ConnectionOptions, zone: String? = nil,
    gate: StartGate? = nil,
    onChunk: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    // MySQL's programs refuse a connection without TLS by themselves.
    let needsRelay = !isMySQL && TLSRelay.isNeeded(for: options)
    let relay = needsRelay ? try TLSRelay(to: options, isForOne: false) : nil
    defer { relay?.stop() }
    let plugins = options.showsPassword || isMySQL ? nil : try ClientPlugins()
    defer { withExtendedLifetime(plugins) {} }
    let text = try ClientOptions.text(
      for: options, relayPort: relay?.port, plugins: plugins?.folder, isMySQL: isMySQL)
    let optionFile = try NamelessFile(gate == nil ? text : "")
    let held = try gate?.load(text)
    defer { if let held { close(held) } }
    let errors = try NamelessFile()
    let environment = zone.map { ["/usr/bin/env", "TZ=\($0)"] } ?? []
    let process = try PipedProcess(
      environment + [path, "--defaults-file=/dev/fd/3"] + arguments,
      inherited: held ?? optionFile.descriptor,
      errors: errors.descriptor)
    let status = try await process.run(onChunk)
    if status != 0, let failure = relay?.failure {
      throw failure.with(context: "connection of \(path) to \(options.endpoint)")
    }
    guard status == 0 else {
      let words = errors.tail(600).split(separator: "\n").suffix(3).joined(separator: " ")
      throw BackupError(
        .toolFailed, "\(path) ended with status \(status): \(words)",
        hint: "nothing was published; check the server and run the same command again")
    }
  }
}
