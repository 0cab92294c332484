#pragma once

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// A PostgreSQL server of a test's own.
namespace ballast::storage::postgres::testing {

/// A throwaway cluster: a temporary folder, a unix socket in it, nobody asked for a password, nothing synced. It is
/// gone when the object is, also when the test program dies. Whatever cannot be done throws, which fails the test.
class TestCluster {
 public:
  enum class Stop { fast, immediate };

  /// Settings are "name=value", as in postgresql.conf, and win over the ones here. It is started already.
  explicit TestCluster(std::vector<std::string> settings = {})
      : owner_(getpid()), binaries_(find_binaries()), settings_(std::move(settings)) {
    choose_user();
    make_folder();
    try {
      start_guard();
      run({binaries_ + "/initdb", "-D", data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
           "-N"});
      start();
    } catch (...) {
      remove();
      throw;
    }
  }
  ~TestCluster() {
    if (getpid() == owner_) remove();
  }
  TestCluster(const TestCluster&) = delete;
  TestCluster& operator=(const TestCluster&) = delete;

  /// One for the whole test program, started by whoever asks first, gone at its exit.
  static TestCluster& shared() {
    static TestCluster cluster;
    return cluster;
  }

  /// Waits until it accepts connections; recovery after a crash included.
  void start() {
    if (running()) return;
    std::vector<std::string> command = {binaries_ + "/postgres", "-D", data()};
    std::vector<std::string> settings = {
        "listen_addresses=",    "unix_socket_directories=" + folder_, "port=5432",    "fsync=off",
        "full_page_writes=off", "dynamic_shared_memory_type=mmap",    "timezone=UTC", "max_connections=200",
        "shared_buffers=64MB"};
    settings.insert(settings.end(), settings_.begin(), settings_.end());
    for (const auto& setting : settings) command.insert(command.end(), {"-c", setting});
    postmaster_ = spawn(command);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (PQping(connection("postgres").c_str()) != PQPING_OK) {
      if (!running()) throw std::runtime_error("PostgreSQL did not start:\n" + log());
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("PostgreSQL is not ready:\n" + log());
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  /// `fast` ends connections and checkpoints; `immediate` is a crash that is told to the clients.
  void stop(Stop how = Stop::fast) {
    if (!running()) return;
    kill(postmaster_, how == Stop::fast ? SIGINT : SIGQUIT);
    wait_for_postmaster();
  }

  /// SIGKILL for the postmaster and every process of its: what a power failure leaves, as far as clients can see.
  void kill9() {
    if (!running()) return;
    kill(postmaster_, SIGSTOP);  // so that it starts no more of them
    const auto children = children_of(postmaster_);
    kill(postmaster_, SIGKILL);
    for (const auto child : children) kill(child, SIGKILL);
    wait_for_postmaster();
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (const auto child : children) {
      while (alive(child)) {
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error("a killed backend does not end");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    }
  }

  bool running() {
    if (postmaster_ <= 0) return false;
    int status = 0;
    if (waitpid(postmaster_, &status, WNOHANG) == 0) return true;
    postmaster_ = 0;
    return false;
  }

  pid_t postmaster() const noexcept { return postmaster_; }
  const std::string& folder() const noexcept { return folder_; }  ///< where the socket is
  std::string data() const { return folder_ + "/data"; }
  /// What the server and its tools wrote.
  std::string log() const {
    std::ifstream file(folder_ + "/log");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  std::string connection(const std::string& database, const std::string& user = "postgres") const {
    return "host=" + folder_ + " port=5432 user=" + user + " dbname=" + database;
  }

  /// A fresh database in which these statements ran; its connection string.
  std::string create_database(const std::string& sql = {}) {
    const std::string name = "test_" + std::to_string(++databases_);
    query(connection("postgres"), "create database " + name);
    if (!sql.empty()) query(connection(name), sql);
    return connection(name);
  }

  /// Runs statements on a connection of their own; the first value of the last one's rows, or "".
  static std::string query(const std::string& connection, const std::string& sql) {
    const std::unique_ptr<PGconn, void (*)(PGconn*)> session(PQconnectdb(connection.c_str()), PQfinish);
    if (PQstatus(session.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(session.get()));
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(session.get(), sql.c_str()), PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
      throw std::runtime_error(PQerrorMessage(session.get()));
    }
    if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0) return {};
    return PQgetvalue(result.get(), 0, 0);
  }

 private:
  static std::string find_binaries() {
    namespace fs = std::filesystem;
    std::vector<std::pair<int, std::string>> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
      const auto folder = entry.path() / "bin";
      if (fs::exists(folder / "postgres", ignored) && fs::exists(folder / "initdb", ignored)) {
        found.emplace_back(std::atoi(entry.path().filename().c_str()), folder.string());
      }
    }
    const char* const path = getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
      const fs::path binary = fs::path(folder) / "postgres";
      if (fs::exists(binary, ignored) && fs::exists(fs::path(folder) / "initdb", ignored)) {
        found.emplace_back(0, fs::canonical(binary, ignored).parent_path().string());
      }
    }
    if (found.empty()) {
      throw std::runtime_error("these tests need PostgreSQL 15 or later: install it (Debian: postgresql)");
    }
    return std::max_element(found.begin(), found.end())->second;
  }

  /// The server refuses to run as root.
  void choose_user() {
    if (geteuid() != 0) return;
    const passwd* entry = getpwnam("postgres");
    if (entry == nullptr) entry = getpwnam("nobody");
    if (entry == nullptr) throw std::runtime_error("there is no user to run PostgreSQL as");
    user_ = entry->pw_uid;
    group_ = entry->pw_gid;
  }

  void make_folder() {
    const std::string memory = "/dev/shm";
    const std::string parent =
        access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path().string();
    std::string pattern = parent + "/ballast-pg-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder for PostgreSQL");
    folder_ = pattern;
    if (geteuid() == 0 && chown(folder_.c_str(), user_, group_) != 0) throw std::runtime_error("chown");
    chmod(folder_.c_str(), 0755);
  }

  /// A process that waits for this one's end, whatever kind it is, and then removes the cluster: it reads a pipe that
  /// only this program can write to.
  void start_guard() {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    guard_ = fork();
    if (guard_ == 0) {
      setsid();
      dup2(ends[0], 0);
      const int nowhere = open("/dev/null", O_WRONLY);
      dup2(nowhere, 1);
      dup2(nowhere, 2);
      const char* const script =
          "read x; test -f \"$0/data/postmaster.pid\" && kill -QUIT $(head -n 1 \"$0/data/postmaster.pid\"); sleep 1; "
          "rm -rf \"$0\"";
      execl("/bin/sh", "sh", "-c", script, folder_.c_str(), static_cast<char*>(nullptr));
      _exit(127);
    }
    close(ends[0]);
    guard_pipe_ = ends[1];
    if (guard_ < 0) throw std::runtime_error("fork");
  }

  pid_t spawn(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const std::string log_path = folder_ + "/log";
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("fork");
    if (child > 0) return child;
    // From here to exec only what a signal handler may call: the program has threads.
    setsid();
    if (user_ != 0 && (setgroups(0, nullptr) != 0 || setgid(group_) != 0 || setuid(user_) != 0)) _exit(126);
    if (chdir(folder_.c_str()) != 0) _exit(126);
    const int log_file = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(open("/dev/null", O_RDONLY), 0);
    dup2(log_file, 1);
    dup2(log_file, 2);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }

  void run(const std::vector<std::string>& command) {
    const pid_t child = spawn(command);
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) {
      throw std::runtime_error(command.front() + " failed:\n" + log());
    }
  }

  void wait_for_postmaster() {
    int status = 0;
    waitpid(postmaster_, &status, 0);
    postmaster_ = 0;
  }

  static char state_of(pid_t process, pid_t& parent) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    std::getline(file, line);
    const auto end = line.rfind(')');  // the name before it may hold anything
    char state = 0;
    if (end != std::string::npos) std::istringstream(line.substr(end + 1)) >> state >> parent;
    return state;
  }
  static bool alive(pid_t process) {
    pid_t parent = 0;
    const char state = state_of(process, parent);
    return state != 0 && state != 'Z' && state != 'X';
  }
  static std::vector<pid_t> children_of(pid_t process) {
    std::vector<pid_t> children;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
      const pid_t candidate = std::atoi(entry.path().filename().c_str());
      pid_t parent = 0;
      if (candidate > 0 && state_of(candidate, parent) != 0 && parent == process) children.push_back(candidate);
    }
    return children;
  }

  void remove() {
    stop(Stop::immediate);
    // After SIGKILL its System V segment is left; the file's last line names it.
    std::ifstream file(data() + "/postmaster.pid");
    std::string line;
    for (int i = 0; i < 7 && std::getline(file, line); ++i) {}
    std::istringstream fields(line);
    long key = 0;
    int segment = -1;
    if (file && fields >> key >> segment && fields.eof()) shmctl(segment, IPC_RMID, nullptr);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    if (guard_ > 0) {
      kill(-guard_, SIGKILL);
      kill(guard_, SIGKILL);
      waitpid(guard_, nullptr, 0);
      close(guard_pipe_);
    }
  }

  pid_t owner_;
  std::string binaries_;
  std::vector<std::string> settings_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  std::string folder_;
  pid_t guard_ = 0;
  int guard_pipe_ = -1;
  pid_t postmaster_ = 0;
  std::atomic<int> databases_{0};
};

}  // namespace ballast::storage::postgres::testing
