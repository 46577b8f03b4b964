// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// For modules whose tests go through much data or many statements: what this costs the compiler is
/// less than what it saves the tests. For Simulation it is not.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], plugins: [Target.PluginUsage]? = nil,
  exclude: [String] = [], more: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings + more,
    plugins: plugins)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
  name: "payops",
  products: [.executable(name: "payops", targets: ["payops"])],
  targets: [
    // System libraries.
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
    .systemLibrary(
      name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(
      name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

    // The SQL of `sql/` and `procedures/` travels inside the binary.
    .executableTarget(name: "EmbedSQL", swiftSettings: settings),
    .plugin(name: "EmbedSQLPlugin", capability: .buildTool(), dependencies: ["EmbedSQL"]),

    // The dashboard's files and the outlines of countries do, too.
    .executableTarget(name: "EmbedAssets", swiftSettings: settings),
    .plugin(name: "EmbedAssetsPlugin", capability: .buildTool(), dependencies: ["EmbedAssets"]),

    // Modules, each depending only on those above it.
    module("PayopsCore", more: optimized),
    module("Charts", plugins: ["EmbedAssetsPlugin"], more: optimized),
    module("Dashboard", plugins: ["EmbedAssetsPlugin"], exclude: ["Assets"]),
    module("Compression", ["CZlib"], more: optimized),
    module("Cryptography", ["CSodium", "PayopsCore"], more: optimized),
    module("Processes", ["PayopsCore"]),
    module("Statistics", more: optimized),
    module("MariaDBClient", ["CMariaDB", "PayopsCore"], more: optimized),
    module("Tabular", ["MariaDBClient", "PayopsCore"]),
    module("Catalogue", ["MariaDBClient", "PayopsCore", "Tabular"]),
    module(
      "Schema", ["MariaDBClient", "PayopsCore", "Tabular"], plugins: ["EmbedSQLPlugin"],
      more: optimized),
    module("HTTP", ["CMicrohttpd", "PayopsCore"], more: optimized),
    module("EmbeddedServer", ["MariaDBClient", "PayopsCore", "Processes", "Schema", "Tabular"]),
    module("Simulation", ["MariaDBClient", "PayopsCore", "Tabular"]),
    module("Ingest", ["Compression", "MariaDBClient", "PayopsCore", "Tabular"], more: optimized),
    module("Detection", ["Ingest", "PayopsCore", "Statistics", "Tabular"]),
    module(
      "Monitoring", ["MariaDBClient", "PayopsCore", "Statistics", "Tabular"], more: optimized),
    module("Notifications", ["CCurl", "Cryptography", "PayopsCore"]),
    module("Alerting", ["MariaDBClient", "Notifications", "PayopsCore", "Tabular"]),
    module(
      "Backup",
      [
        "CZstd", "Cryptography", "MariaDBClient", "PayopsCore", "Processes", "Schema", "Tabular",
      ],
      more: optimized),
    module(
      "Restore",
      ["Backup", "EmbeddedServer", "MariaDBClient", "PayopsCore", "Schema", "Tabular"],
      more: optimized),
    module("Scheduling", ["MariaDBClient", "PayopsCore", "Processes", "Tabular"]),
    module("Sealing", ["Cryptography", "MariaDBClient", "PayopsCore"]),
    module("Integrity", ["MariaDBClient", "PayopsCore", "Sealing", "Tabular"]),
    module("Risk", ["MariaDBClient", "PayopsCore", "Tabular"]),
    module("Metrics", ["Catalogue", "MariaDBClient", "PayopsCore"]),
    module("BusinessIntelligence", ["Catalogue", "Cryptography", "PayopsCore", "Tabular"]),
    module(
      "Health",
      ["Backup", "MariaDBClient", "PayopsCore", "Restore", "Schema", "Tabular"]),
    module(
      "Demo",
      [
        "Backup", "EmbeddedServer", "Health", "Integrity", "MariaDBClient", "Monitoring",
        "PayopsCore", "Restore", "Risk", "Schema", "Simulation", "Tabular",
      ]),
    module("Pages", ["Catalogue", "Charts", "MariaDBClient", "PayopsCore", "Tabular"]),
    module(
      "API",
      [
        "Catalogue", "Charts", "Compression", "Cryptography", "HTTP", "MariaDBClient", "Pages",
        "PayopsCore", "Tabular",
      ]),
    .executableTarget(
      name: "payops",
      dependencies: [
        "API", "Alerting", "Backup", "BusinessIntelligence", "Catalogue", "Demo", "Detection",
        "Dashboard", "EmbeddedServer", "HTTP", "Health", "Ingest", "Integrity", "MariaDBClient",
        "Metrics", "Monitoring",
        "Notifications", "PayopsCore", "Processes", "Restore", "Risk", "Scheduling", "Schema",
        "Sealing", "Simulation", "Tabular",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "payops-bench",
      dependencies: [
        "EmbeddedServer", "MariaDBClient", "PayopsCore", "Processes", "Schema", "Simulation",
        "Tabular",
      ],
      path: "Sources/PayopsBench",
      swiftSettings: settings),

    // Tests.
    .target(
      name: "TestSupport",
      dependencies: [
        "EmbeddedServer", "MariaDBClient", "Notifications", "PayopsCore", "Processes", "Schema",
      ],
      path: "Tests/Support", exclude: ["Programs", "Releases"], swiftSettings: settings),
    tests("PayopsCoreTests", ["PayopsCore"]),
    tests("ChartsTests", ["Charts"], exclude: ["Golden"]),
    tests("DashboardTests", ["Dashboard"]),
    tests("CompressionTests", ["Compression"]),
    tests("CryptographyTests", ["Cryptography", "PayopsCore"]),
    tests("ProcessesTests", ["PayopsCore", "Processes", "TestSupport"]),
    tests("StatisticsTests", ["PayopsCore", "Statistics"]),
    tests("TabularTests", ["MariaDBClient", "PayopsCore", "Tabular", "TestSupport"]),
    tests(
      "CatalogueTests", ["Catalogue", "MariaDBClient", "PayopsCore", "Tabular", "TestSupport"]),
    tests(
      "MetricsTests",
      ["Catalogue", "MariaDBClient", "Metrics", "PayopsCore", "Schema", "TestSupport"]),
    tests(
      "BusinessIntelligenceTests",
      [
        "BusinessIntelligence", "Catalogue", "MariaDBClient", "PayopsCore", "Tabular",
        "TestSupport",
      ]),
    tests("MariaDBClientTests", ["MariaDBClient", "PayopsCore", "Processes", "TestSupport"]),
    tests("HTTPTests", ["HTTP", "PayopsCore", "TestSupport"]),
    tests("EmbeddedServerTests", ["EmbeddedServer", "MariaDBClient", "PayopsCore", "TestSupport"]),
    tests(
      "SchemaTests", ["EmbeddedServer", "MariaDBClient", "PayopsCore", "Schema", "TestSupport"]),
    tests(
      "SimulationTests", ["MariaDBClient", "PayopsCore", "Schema", "Simulation", "TestSupport"],
      exclude: ["Golden"]),
    tests("IngestTests", ["Ingest", "MariaDBClient", "PayopsCore", "Schema", "TestSupport"]),
    tests(
      "MonitoringTests",
      [
        "Ingest", "MariaDBClient", "Monitoring", "PayopsCore", "Schema", "Statistics",
        "TestSupport",
      ]),
    tests(
      "BackupTests",
      [
        "Backup", "Cryptography", "EmbeddedServer", "MariaDBClient", "PayopsCore", "Restore",
        "Schema", "TestSupport",
      ]),
    tests(
      "HealthTests",
      ["Backup", "Health", "MariaDBClient", "PayopsCore", "Schema", "Tabular", "TestSupport"]),
    tests(
      "NotificationsTests", ["Cryptography", "Notifications", "PayopsCore", "TestSupport"],
      exclude: ["Golden"]),
    tests(
      "AlertingTests", ["Alerting", "MariaDBClient", "Notifications", "PayopsCore", "TestSupport"]),
    tests("SchedulingTests", ["MariaDBClient", "PayopsCore", "Scheduling", "TestSupport"]),
    tests(
      "SQLTests",
      ["MariaDBClient", "PayopsCore", "Schema", "Sealing", "Statistics", "TestSupport"],
      exclude: ["Golden"]),
    tests(
      "PayopsTests",
      [
        "Backup", "EmbeddedServer", "Health", "Ingest", "MariaDBClient", "Monitoring", "PayopsCore",
        "Schema", "Sealing", "Simulation", "Tabular", "payops",
      ]),
    tests(
      "DemoTests",
      ["Demo", "EmbeddedServer", "MariaDBClient", "PayopsCore", "Tabular", "TestSupport"]),
    tests(
      "APITests",
      [
        "API", "Catalogue", "HTTP", "MariaDBClient", "Pages", "PayopsCore", "Schema", "Simulation",
        "Tabular", "TestSupport",
      ]),
    tests("BenchTests", ["payops-bench"]),
    tests(
      "CLITests",
      ["Cryptography", "Health", "MariaDBClient", "PayopsCore", "TestSupport", "payops"],
      exclude: ["Outputs", "Snapshots"]),
  ]
)
