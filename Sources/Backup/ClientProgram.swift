internal import EmbeddedServer
internal import Foundation
internal import MariaDBClient
internal import PayopsCore

/// A program of MariaDB that speaks to a server for us: mariadb-dump or mariadb-binlog.
struct ClientProgram: Sendable {
  /// Path of the program.
  let path: String
  /// What it says of its version.
  let version: String

  /// Finds a program and asks for its version.
  ///
  /// - Parameters:
  ///   - names: its names, the best first.
  ///   - folders: where to look.
  /// - Throws: ``BackupError/Code/toolMissing``; ``BackupError/Code/unsupported`` for MySQL's own,
  ///   which nobody has tried with payops.
  static func find(
    _ names: [String], in folders: [String] = ServerPrograms.usualFolders
  ) async throws -> ClientProgram {
    guard let path = names.lazy.compactMap({ ServerPrograms.find($0, in: folders) }).first else {
      throw BackupError(
        .toolMissing, "\(names[0]) is not installed", hint: "apt-get install mariadb-client")
    }
    let version = try await ChildProcess.output(of: [path, "--no-defaults", "--version"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    // MariaDB's mysqldump is a link to mariadb-dump; the binlog tool does not name its maker.
    let real = URL(filePath: path).resolvingSymlinksInPath().lastPathComponent
    guard real.hasPrefix("mariadb") || version.contains("MariaDB") else {
      throw BackupError(
        .unsupported, "\(path) is not MariaDB's: \(version)",
        hint: "apt-get install mariadb-client")
    }
    return ClientProgram(path: path, version: version)
  }

  /// Runs the program against a server and hands its output on.
  ///
  /// The credentials are in an option file without a name, which the program gets as an open
  /// descriptor: nothing can be left behind, and nothing shows in /proc.
  ///
  /// - Parameters:
  ///   - arguments: the arguments after the option file.
  ///   - options: how to connect.
  ///   - zone: the time zone that the program is to live in; nil for that of this process.
  ///   - gate: holds the started program back; nil to let it go on at once.
  ///   - onChunk: gets the output, on a thread of its own; when it throws, the program is ended.
  /// - Throws: what `onChunk` throws; ``BackupError/Code/toolFailed`` with the last words of the
  ///   program when it ends with anything but 0.
  func run(
    _ arguments: [String], options: ConnectionOptions, zone: String? = nil,
    gate: StartGate? = nil,
    onChunk: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    let relay = TLSRelay.isNeeded(for: options) ? try TLSRelay(to: options, isForOne: false) : nil
    defer { relay?.stop() }
    let plugins = options.showsPassword ? nil : try ClientPlugins()
    defer { withExtendedLifetime(plugins) {} }
    let text = try ClientOptions.text(
      for: options, relayPort: relay?.port, plugins: plugins?.folder)
    let optionFile = try NamelessFile(gate == nil ? text : "")
    let held = try gate?.load(text)
    defer { if let held { close(held) } }
    let errors = try NamelessFile()
    let environment = zone.map { ["/usr/bin/env", "TZ=\($0)"] } ?? []
    let (process, output) = try ChildProcess.piped(
      environment + [path, "--defaults-file=/dev/fd/3"] + arguments,
      inherited: held ?? optionFile.descriptor,
      errors: errors.descriptor)
    let reading = PipeReading(descriptor: output, process: process.pid)
    let outcome = await withTaskCancellationHandler {
      await reading.run(onChunk)
    } onCancel: {
      kill(process.pid, SIGTERM)
    }
    if case .failure = outcome { kill(process.pid, SIGTERM) }
    let status = await waitForEnd(of: process)
    try outcome.get()
    try Task.checkCancellation()
    if status != 0, let failure = relay?.failure {
      throw failure.with(context: "connection of \(path) to \(options.endpoint)")
    }
    guard status == 0 else {
      let words = errors.tail(600).split(separator: "\n").suffix(3).joined(separator: " ")
      throw BackupError(
        .toolFailed, "\(path) ended with status \(status): \(words)",
        hint: "nothing was published; look at the server and run the same command again")
    }
  }

  private func waitForEnd(of process: ChildProcess) async -> Int32 {
    // A cancelled task could not sleep.
    await Task.detached { await process.wait(deadline: .seconds(60)) }.value
  }
}

/// Reads a pipe on a thread of its own.
private final class PipeReading: Sendable {
  private let descriptor: Int32
  private let process: pid_t

  init(descriptor: Int32, process: pid_t) {
    self.descriptor = descriptor
    self.process = process
    // More room lets the program go on while a piece is packed; refused sizes do no harm.
    _ = fcntl(descriptor, 1031, 1 << 20)
  }

  deinit { close(descriptor) }

  func run(
    _ onChunk: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async -> Result<Void, any Error> {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: self.read(onChunk)) }
    }
  }

  private func read(
    _ onChunk: (UnsafeRawBufferPointer) throws -> Void
  ) -> Result<Void, any Error> {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return .success(()) }
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(
          BackupError(
            .toolFailed, "cannot read from the program: \(String(cString: strerror(errno)))"))
      }
      do {
        try onChunk(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
      } catch {
        return .failure(error)
      }
    }
  }
}

/// A file that has no name any more when it is used, and vanishes with its descriptor.
struct NamelessFile: ~Copyable {
  let descriptor: Int32

  init(_ text: String = "") throws(BackupError) {
    let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
    var template = Array("\(folder)/payops-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw BackupFolder.failure("make a file in", folder) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count, lseek(descriptor, 0, SEEK_SET) == 0
    else { throw BackupFolder.failure("write a file in", folder) }
  }

  /// The last bytes of what was written, as a text.
  func tail(_ count: Int) -> String {
    let end = lseek(descriptor, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: min(count, Int(end)))
    let read = pread(descriptor, &bytes, bytes.count, end - off_t(bytes.count))
    return String(decoding: bytes.prefix(max(0, read)), as: UTF8.self)
  }

  deinit { close(descriptor) }
}
