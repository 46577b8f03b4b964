package import Foundation
internal import Processes

extension EmbeddedServer {
  /// Sizes and switches of a private server.
  package struct Configuration: Sendable, Equatable {
    /// Memory for data and index pages.
    package var bufferPoolBytes: Int64
    /// Size of the redo log on disk.
    package var redoLogBytes: Int64
    /// Largest temporary table kept in memory; a grouping that spills to disk costs ten times more.
    package var temporaryTableBytes: Int64
    /// Memory for the pages of on-disk temporary tables.
    package var ariaCacheBytes: Int64
    /// Most simultaneous connections.
    package var maxConnections: Int = 100
    /// 1 syncs each commit to disk, 2 hands it to the operating system (survives a kill of the
    /// server but not a power cut).
    package var flushLogAtCommit: Int = 1
    /// Longest wait for a row lock.
    package var lockWaitSeconds: Int = 20
    /// Whether a binary log is written.
    package var writesBinaryLog = false
    /// Whether the server starts the events of its schemas.
    package var runsEvents = true
    /// Whether it is a MySQL: for a verification only, as a root account without a password remains.
    package var isMySQL = false
    /// Further options of the server, after all others.
    package var extraOptions: [String] = []
    /// Longest time from the start of the process to the first answer, recovery included.
    package var startDeadline: Duration = .seconds(180)
    /// Longest time from SIGTERM to the end of the process.
    package var stopDeadline: Duration = .seconds(120)
    /// Longest time to wait for another start or stop of the same server.
    package var lockDeadline: Duration = .seconds(60)
    /// Whether the server is killed when this process ends, for throw-away servers of tests.
    package var diesWithParent = false
    /// A fresh data directory to copy in place of an installation.
    package var template: URL?
    /// Folders to search for the programs of MariaDB.
    package var programFolders: [String] = ProgramSearch.usualFolders

    /// Describes a configuration; omitted values have their defaults.
    package init(
      bufferPoolBytes: Int64, redoLogBytes: Int64, temporaryTableBytes: Int64,
      ariaCacheBytes: Int64
    ) {
      self.bufferPoolBytes = bufferPoolBytes
      self.redoLogBytes = redoLogBytes
      self.temporaryTableBytes = temporaryTableBytes
      self.ariaCacheBytes = ariaCacheBytes
    }

    /// The configuration that suits a machine.
    ///
    /// A quarter of the memory goes to the buffer pool (128 MiB to 4 GiB) and a sixteenth to each
    /// temporary table (64 MiB to 1 GiB).
    ///
    /// - Parameter memoryBytes: the memory of the machine, or of its container if that has less; nil
    ///   asks the operating system.
    /// - Returns: the configuration; the redo log is cut to the free disk space at the start.
    package static func sizedToMachine(memoryBytes: Int64? = nil) -> Configuration {
      let memory =
        memoryBytes
        ?? availableMemory(of: Int64(clamping: ProcessInfo.processInfo.physicalMemory))
      return Configuration(
        bufferPoolBytes: min(max(memory / 4, 128 << 20), 4 << 30),
        redoLogBytes: 1 << 30,
        temporaryTableBytes: min(max(memory / 16, 64 << 20), 1 << 30),
        ariaCacheBytes: min(max(memory / 32, 32 << 20), 256 << 20))
    }

    /// Files in which Linux writes the limit of a container, by versions 2 and 1 of control groups.
    private static let limitFiles = [
      "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ]

    /// The memory that this process may use: beyond the limit of its container it would be killed.
    ///
    /// - Parameters:
    ///   - machineBytes: the memory of the machine
    ///   - files: the files that may have the limit; the first that can be read counts
    /// - Returns: bytes; the memory of the machine without a limit below it
    static func availableMemory(of machineBytes: Int64, files: [String] = limitFiles) -> Int64 {
      for file in files {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { continue }
        // "max" stands for no limit.
        let limit = Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? machineBytes
        return limit > 0 ? min(limit, machineBytes) : machineBytes
      }
      return machineBytes
    }

    /// The redo log size, limited to a part of the free disk space.
    ///
    /// - Parameter freeBytes: the free space where the data are.
    /// - Returns: the configured size, or a tenth of the free space if that is less, but at least
    ///   16 MiB.
    package func redoLogBytes(freeBytes: Int64) -> Int64 {
      max(min(redoLogBytes, freeBytes / 10), 16 << 20)
    }
  }
}
