import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JobRequest } from '../../../src/main/cluster/scheduler.ts';
import { quote, Slurm, writeScript } from '../../../src/main/cluster/slurm.ts';
import { formatTasks, parseSacct, parseSqueue } from '../../../src/main/cluster/slurmText.ts';
import type { CommandResult } from '../../../src/main/platform/commands.ts';
import { makeFolder } from '../../support/digits.ts';

type Answer = Partial<CommandResult>;

const whole = (answer: Answer): CommandResult => ({
  ...{ code: 0, signal: null, stdout: '', stderr: '', notFound: false, timedOut: false },
  ...answer,
});

/** A Slurm whose programs answer as told, and what was asked of them. */
function fakeSlurm(answers: Record<string, Answer[] | Answer>) {
  const asked: string[] = [];
  const slurm = new Slurm((command, args) => {
    asked.push([command, ...args].join(' '));
    const answer = answers[command];
    const next = Array.isArray(answer) ? answer.shift() : answer;
    return Promise.resolve(whole(next ?? { code: null, notFound: true }));
  });
  return { slurm, asked };
}

const config = { stdout: 'MaxArraySize            = 4\nMaxJobCount = 10000\n' };

const request = (folder: string, tasks: number[]): JobRequest => ({
  name: 'afterimage',
  tasks,
  folder,
  command: ['/opt/node', '/opt/cli.ts', 'study', 'task'],
  setup: '',
  resources: { cpus: 2, gres: 'gpu:1', time: '1:00:00', arrayLimit: 3 },
});

test('spans of tasks are written as Slurm reads them', () => {
  expect(formatTasks([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8');
  expect(formatTasks([4])).toBe('4');
});

test('tasks beyond the largest array are submitted as arrays of their own', async () => {
  const folder = makeFolder();
  const { slurm, asked } = fakeSlurm({
    scontrol: config,
    sbatch: [{ stdout: '17\n' }, { stdout: '18;cluster\n' }],
  });
  expect(await slurm.submit(request(folder, [1, 2, 5, 6, 7]))).toEqual([
    { id: '17', tasks: [1, 2], offset: 0 },
    { id: '18', tasks: [5, 6, 7], offset: 4 },
  ]);
  const [, first = '', second = ''] = asked;
  expect(first).toContain('--array=1-2%3 --gres=gpu:1 --cpus-per-task=2 --time=1:00:00');
  expect(first).not.toContain('--mem');
  expect(first.endsWith('task.sh 0')).toBe(true);
  expect(second).toContain('--array=1-3%3');
  expect(second.endsWith('task.sh 4')).toBe(true);
});

test('where the second array is refused, the first is taken back', async () => {
  const folder = makeFolder();
  const { slurm, asked } = fakeSlurm({
    scontrol: config,
    sbatch: [
      { stdout: '17\n' },
      { code: 1, stderr: 'sbatch: error: Job violates accounting/QOS policy\n' },
    ],
    scancel: {},
  });
  await expect(slurm.submit(request(folder, [0, 5]))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'Slurm refused sbatch: Job violates accounting/QOS policy.',
  });
  expect(asked.at(-1)).toBe('scancel 17');
});

test('no Slurm here, and one that does not answer', async () => {
  const absent = fakeSlurm({});
  await expect(absent.slurm.list([{ id: '1', tasks: [0], offset: 0 }])).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is no Slurm here: squeue was not found.',
  });
  const stderrOfNone = 'squeue: fatal: Could not establish a configuration source\n';
  const unset = fakeSlurm({ squeue: { code: 1, stderr: stderrOfNone } });
  await expect(unset.slurm.list([{ id: '1', tasks: [0], offset: 0 }])).rejects.toMatchObject({
    message: 'There is no Slurm here: squeue has no configuration.',
  });
  const stderr = 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n';
  const silent = fakeSlurm({ squeue: { code: 1, stderr } });
  await expect(silent.slurm.list([{ id: '1', tasks: [0], offset: 0 }])).rejects.toMatchObject({
    code: 'NO_NETWORK',
    message: expect.stringContaining('Unable to contact slurm controller') as string,
  });
});

test('tasks are listed from the queue, and from accounting where it has forgotten them', async () => {
  const { slurm } = fakeSlurm({
    squeue: {
      stdout: [
        '17|0|RUNNING|None|n1',
        '17|1|PENDING|JobArrayTaskLimit|',
        '17|2|FAILED|NonZeroExitCode|n2',
        '99|0|RUNNING|None|n3',
        '100|N/A|RUNNING|None|n3',
      ].join('\n'),
    },
    sacct: { stdout: '17_2|FAILED|137:0|n2\n17_3|CANCELLED by 1000|0:0|None assigned\n' },
    scontrol: {
      stdout:
        'JobId=20 ArrayJobId=17 ArrayTaskId=2 JobState=FAILED ExitCode=137:0 Partition=main\n',
    },
  });
  const states = await slurm.list([{ id: '17', tasks: [4, 5, 6, 7], offset: 4 }]);
  expect(
    states.map(({ task, phase, word, reason, node }) => [task, phase, word, reason, node]),
  ).toEqual([
    [4, 'running', 'RUNNING', '', 'n1'],
    [5, 'waiting', 'PENDING', 'JobArrayTaskLimit', ''],
    [6, 'ended', 'FAILED', 'killed by signal 9, most often for lack of memory', 'n2'],
    [7, 'ended', 'CANCELLED', '', ''],
  ]);
});

test('a cluster without accounting knows what is in its queue', async () => {
  const { slurm } = fakeSlurm({
    squeue: { stdout: '17|0|COMPLETED|None|n1\n' },
    sacct: { code: 1, stderr: 'Slurm accounting storage is disabled\n' },
  });
  const states = await slurm.list([{ id: '17', tasks: [0, 1], offset: 0 }]);
  expect(states.map(({ task }) => task)).toEqual([0]);
});

test('what is no task of an array is left out', () => {
  expect(parseSqueue('5|N/A|RUNNING|None|n1\n')).toEqual([]);
  expect(parseSacct('5|COMPLETED|0:0|n1\n5_[2-7%3]|PENDING|0:0|\n')).toEqual([]);
});

test('the script takes any folder, and says where a machine does not see it', () => {
  const folder = join(makeFolder(), "it's $HOME");
  const script = writeScript({
    ...request(folder, [0]),
    command: ['echo', "a 'b' $c"],
    setup: 'export GREETING=hello',
  });
  const path = join(makeFolder(), 'task.sh');
  writeFileSync(path, script);
  const run = (): ReturnType<typeof spawnSync> =>
    spawnSync('bash', [path, '4'], {
      env: { ...process.env, SLURM_ARRAY_TASK_ID: '3' },
      encoding: 'utf8',
    });
  const blind = run();
  expect(blind.status).toBe(66);
  expect(String(blind.stderr)).toContain(`does not see ${folder}. Give a folder with --shared`);
  // One that it sees.
  spawnSync('mkdir', ['-p', folder]);
  writeFileSync(join(folder, 'submission.json'), '{}');
  const seeing = run();
  expect(String(seeing.stdout)).toBe("a 'b' $c 7\n");
  expect(readFileSync(path, 'utf8')).toContain(quote(folder));
});

test('a task knows itself and is put back by its own number', async () => {
  const { slurm, asked } = fakeSlurm({ scontrol: {} });
  const env = {
    SLURM_JOB_ID: '25',
    SLURM_ARRAY_JOB_ID: '17',
    SLURM_RESTART_COUNT: '2',
    SLURMD_NODENAME: 'n3',
  };
  const own = slurm.ownTask(env);
  expect(own).toEqual({ id: '25', job: '17', node: 'n3', restarts: 2 });
  await slurm.requeue(own);
  expect(asked).toEqual(['scontrol requeue 25']);
  expect(slurm.ownTask({})).toMatchObject({ id: '', job: '', restarts: 0 });
});
