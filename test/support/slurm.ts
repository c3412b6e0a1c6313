import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { delimiter, join } from 'node:path';
import { makeTemporaryFolder, removeFolder } from './digits.ts';

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scontrol', 'scancel'];
/** Root's programs are not on everybody's path. */
const path = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);

const isInstalled = (program: string): boolean =>
  path.split(delimiter).some((folder) => existsSync(join(folder, program)));

/** Why no Slurm can be started here; null where one can. */
export function whyNoSlurm(): string | null {
  if (process.platform !== 'linux') return 'Slurm is started on Linux alone';
  if (process.getuid?.() !== 0) return 'only root can start a Slurm';
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return null;
  return `${missing.join(', ')} are missing (Debian: slurm-wlm, munge)`;
}

const nodeNames = ['n1', 'n2', 'n3', 'n4'];

/**
 * One machine that pretends to be four, without what takes minutes on a real one: tasks that were put back
 * wait for as long as their old credentials hold, and a node counts as lost after a while of silence.
 */
const configure = (folder: string, port: number, { cpus, maxArraySize }: SlurmOptions): string => `
ClusterName=afterimage
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket,cred_expire=1
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0,batch_sched_delay=0,requeue_delay=0
ReturnToService=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
SlurmdTimeout=6
KillWait=20
MaxArraySize=${maxArraySize}
NodeName=n[1-${nodeNames.length}] NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=[${port + 1}-${port + nodeNames.length}] CPUs=${cpus} RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=REQUEUE
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
`;

export interface SlurmOptions {
  /** Cores that each node pretends to have. */
  cpus: number;
  maxArraySize: number;
}

/** A process of the machine, as /proc shows it; undefined where it is gone. */
function environmentOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return undefined;
  }
}

const parentOf = (pid: string): number =>
  Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

/** A Slurm of its own, whose commands find it by this process's environment until it is closed. */
export class TestSlurm {
  readonly folder = makeTemporaryFolder();
  readonly #environment = { PATH: path, SLURM_CONF: join(this.folder, 'slurm.conf') };
  readonly #before = { ...process.env };

  constructor(options: SlurmOptions) {
    const { folder } = this;
    // Others must be able to pass through it, but not to write in it, says munge.
    for (const name of ['state', 'spool']) mkdirSync(join(folder, name));
    const key = join(folder, 'munge.key');
    writeFileSync(key, randomBytes(128), { mode: 0o400 });
    chownSync(key, 0, 0);
    const port = 20_000 + (process.pid % 4000) * 10;
    writeFileSync(this.#environment.SLURM_CONF, configure(folder, port, options));
    Object.assign(process.env, this.#environment);
    this.run('munged', [
      ...['--force', `--key-file=${key}`, `--socket=${folder}/munge.socket`],
      ...[`--pid-file=${folder}/munged.pid`, `--log-file=${folder}/munged.log`],
      ...[`--seed-file=${folder}/munged.seed`, '--num-threads=2'],
    ]);
    this.run('slurmctld', ['-f', this.#environment.SLURM_CONF]);
    for (const name of nodeNames) this.startNode(name);
  }

  /** What a program prints; throws with its words if it fails. */
  run(program: string, args: readonly string[]): string {
    const env = { ...process.env, ...this.#environment };
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8' });
    if (status === 0) return stdout;
    throw new Error(`${program} ended with ${String(status)}: ${stderr}${stdout}`);
  }

  startNode(name: string): void {
    this.run('slurmd', ['-N', name, '-f', this.#environment.SLURM_CONF]);
  }

  /** Processes that a node has started for tasks. */
  processesOf(node: string): number[] {
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid))
      .filter((pid) => {
        const environment = environmentOf(pid) ?? '';
        return (
          environment.includes(`\0SLURMD_NODENAME=${node}\0`) && environment.includes(this.folder)
        );
      })
      .map(Number);
  }

  /** Has a node vanish with all that runs on it, as in a power cut: nothing is told to anybody. */
  loseNode(name: string): void {
    kill(Number(readFileSync(join(this.folder, `slurmd.${name}.pid`), 'utf8')));
    const tasks = this.processesOf(name);
    // Whoever watches over a task would tell of its end.
    const watchers = new Set(tasks.map((pid) => parentOf(String(pid))));
    for (const pid of watchers) if (!tasks.includes(pid)) kill(pid);
    for (const pid of tasks) kill(pid);
  }

  close(): void {
    spawnSync('scancel', ['--user=root'], { env: process.env });
    for (const name of nodeNames) for (const pid of this.processesOf(name)) kill(pid);
    const files = readdirSync(this.folder).filter((name) => name.endsWith('.pid'));
    for (const name of files) kill(Number(readFileSync(join(this.folder, name), 'utf8')));
    for (const name of Object.keys(this.#environment)) {
      const value = this.#before[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    removeFolder(this.folder);
  }
}
